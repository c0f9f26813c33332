import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendRefusal } from './refusal-handler.ts';
import { headOf } from './request-head.ts';
import type { ServiceContext } from './service-context.ts';

const HINTS: Readonly<Record<string, string>> = {
  '/enrich': 'Set verb => "POST" in Logstash\'s http filter, whose default is GET.',
};

/**
 * Answers 405 with Allow where the path exists under another method, and 404 elsewhere. A person who opens the bare
 * address is led to the documentation.
 */
export function registerAllowedMethods(app: FastifyInstance, context: ServiceContext): void {
  const routes: { readonly segments: readonly string[]; readonly methods: Set<string> }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const segments = url.split('/');
    const known = routes.find((route) => route.segments.join('/') === url);
    const methods = known?.methods ?? new Set<string>();
    for (const name of [method].flat()) methods.add(name);
    if (known === undefined) routes.push({ segments, methods });
  });
  const meter = context.requestMeter.route('none');
  app.setNotFoundHandler((request, reply) => {
    refuse(request, reply);
    meter.answered(reply.statusCode, headOf(request.raw));
  });

  function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = withoutTrailingSlash(request.url.split('?', 1)[0] ?? '');
    if (path === '/' && request.method === 'GET' && isBrowser(request)) return reply.redirect('/docs');
    const given = path.split('/');
    const route = routes.find(({ segments }) => matches(segments, given));
    if (route === undefined || route.methods.has(request.method)) return sendRefusal(reply, 'not_found');
    reply.header('allow', [...route.methods].sort().join(', '));
    return sendRefusal(reply, 'method_not_allowed', undefined, HINTS[path]);
  }
}

/** Browsers say that they take pages; Logstash's http filter has no Accept, and would keep the page as an answer. */
function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

function matches(segments: readonly string[], given: readonly string[]): boolean {
  return (
    segments.length === given.length &&
    segments.every((segment, i) => (segment.startsWith(':') ? given[i] !== '' : segment === given[i]))
  );
}

/** As the router takes it, with `ignoreTrailingSlash`. */
function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
