import { expect, test } from 'vitest';
import { asRowServerError, codeOf } from '../../src/redis/redis-error.ts';

test.each([
  ['OOM command not allowed when used memory > maxmemory', 'OOM', true],
  ["READONLY You can't write against a read only replica.", 'READONLY', true],
  [
    "ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -READONLY You can't write against a read only replica.",
    'READONLY',
    true,
  ],
  ['ERR Error running script (call to f_1): @user_script:9: -OOM command not allowed', 'OOM', true],
  ["NOPERM this user has no permissions to run the 'set' command", 'NOPERM', true],
  ['NOAUTH Authentication required.', 'NOAUTH', false],
  ['Connection is closed.', undefined, false],
  ['ERR unknown command', 'ERR', false],
])('of %s the code is %s, and that it refuses writes is %s', (message, code, isRefusal) => {
  const told = asRowServerError(new Error(message));
  expect([told.code, told.isRefusal]).toEqual([code, isRefusal]);
  expect(told.message).not.toContain('command not');
});

test('an error of the connection has its own code', () => {
  const error = Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:6379'), { code: 'ECONNREFUSED' });
  expect(codeOf(error)).toBe('ECONNREFUSED');
  expect(asRowServerError(error).message).toBe('it answers ECONNREFUSED');
});
