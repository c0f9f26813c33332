import type { Logger } from '../observability/log.ts';

/**
 * The stack names our own lines only; the message of an unexpected error may hold a part of the input, even lines that
 * look like those of a stack. It stands first in the stack: what follows it is V8's.
 *
 * @param what failed, for the line of the log
 */
export function logFailure(error: Error, log: Logger, what = 'a request failed inside the service'): void {
  const { stack = '', message } = error;
  const at = stack.indexOf(message);
  const frames =
    at < 0
      ? []
      : stack
          .slice(at + message.length)
          .split('\n')
          .slice(1);
  log.error({ 'error.type': error.name, 'error.stack_trace': frames.join('\n') }, what);
}
