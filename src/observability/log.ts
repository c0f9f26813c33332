import { ecsFormat } from '@elastic/ecs-pino-format';
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * One line of ECS JSON for each problem, and plain text where a person reads: at a terminal. Requests are not
 * logged, and neither are bodies, tokens or key secrets: what the service is sent holds identities.
 */
export function createLog(level: string): Logger {
  const options = {
    ...ecsFormat({ apmIntegration: false, convertReqRes: false, serviceName: 'detrails' }),
    level,
    serializers: {},
  };
  return process.stdout.isTTY ? pino(options, { write: writePlain }) : pino(options);
}

function writePlain(line: string): void {
  const { 'log.level': level, message, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const stack =
    rest['error.stack_trace'] ?? (rest['error'] as { stack_trace?: string } | undefined)?.stack_trace;
  process.stdout.write(
    `${level === 'info' ? '' : `${level}: `}${message}\n${stack === undefined ? '' : `${stack}\n`}`,
  );
}
