import type { Logger } from '../observability/log.ts';

/**
 * The stack names our own lines only; the message of an unexpected error may hold a part of the input, even lines that
 * look like those of a stack. It stands first in the stack: what follows it is V8's.
 */
export function logFailure(error: Error, log: Logger): void {
  const { stack = '', message } = error;
  const at = stack.indexOf(message);
  const frames =
    at < 0
      ? []
      : stack
          .slice(at + message.length)
          .split('\n')
          .slice(1);
  log.error(
    { 'error.type': error.name, 'error.stack_trace': frames.join('\n') },
    'a request failed inside the service',
  );
}
