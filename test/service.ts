import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { buildApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { createContext } from '../src/context.ts';
import type { ServiceContext } from '../src/http/service-context.ts';

export interface TestService {
  app: FastifyInstance;
  context: ServiceContext;
}

/** A service of this test file's own, in memory, that nothing listens to but the tests. */
export function testService(environment: Record<string, string> = {}, now?: () => number): TestService {
  const service = {} as TestService;
  beforeAll(async () => {
    service.context = createContext(loadConfig({ DETRAILS_LOG_LEVEL: 'silent', ...environment }), now);
    service.app = await buildApp(service.context);
    await service.app.ready();
  });
  afterAll(() => service.app.close());
  return service;
}
