import { ecsFormat } from '@elastic/ecs-pino-format';
import type { LoggerOptions } from 'pino';

/**
 * One line of ECS JSON for each problem. Requests are not logged, and neither are bodies, tokens or key secrets:
 * what the service is sent holds identities.
 */
export function logOptions(level: string): LoggerOptions {
  return {
    ...ecsFormat({ apmIntegration: false, convertReqRes: false, serviceName: 'detrails' }),
    level,
    serializers: {},
  };
}
