import { describe, expect, test, vi } from 'vitest';
import { REDIS_VERSION, RedisServer } from '../../harness/redis-server.ts';
import { sessionEvents } from '../../harness/session-events.ts';
import { findsNewMaster } from '../../src/redis/connect-redis.ts';
import { ReplicaProcess } from './replica-process.ts';

describe('a server that became a replica', () => {
  test.each([
    [true, "READONLY You can't write against a read only replica."],
    [
      true,
      "ERR Error running script (call to f_0): @user_script:1: @user_script: 1: -READONLY You can't write",
    ],
    [false, 'OOM command not allowed when used memory > maxmemory'],
    [false, 'ERR unknown command READONLYISH'],
  ])('is left: %s for %s', (isLeft, message) => {
    expect(findsNewMaster()(new Error(message))).toBe(isLeft);
  });

  test('is left at most once a second', () => {
    let now = 0;
    const isLeft = findsNewMaster(() => now);
    const error = new Error('READONLY');
    const answers = [0, 10, 999, 1000, 1999, 2001].map((at) => {
      now = at;
      return isLeft(error);
    });
    expect(answers).toEqual([true, false, false, true, false, true]);
  });

  test('is left also where the clock was set back meanwhile', () => {
    const error = new Error('READONLY');
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const isLeft = findsNewMaster();
    expect(isLeft(error)).toBe(true);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    clock.mockReturnValue(1001);
    const answer = isLeft(error);
    vi.restoreAllMocks();
    expect(answer).toBe(true);
  });

  test.skipIf(REDIS_VERSION === undefined)('is not asked for a connection with each write', async () => {
    const server = await RedisServer.start();
    const replica = await ReplicaProcess.start({ DETRAILS_REDIS_URL: server.url });
    const client = server.client();
    try {
      // Its master is an address that nobody has.
      await client.replicaof('192.0.2.1', '6379');
      const before = await connections(client);
      const until = Date.now() + 3000;
      const events = sessionEvents({ sessions: 3000, uses: 0, unissued: 0 });
      for (let at = 0; Date.now() < until; at++) await replica.post(events[at % events.length] ?? {});
      expect((await connections(client)) - before).toBeLessThan(15);
    } finally {
      client.disconnect();
      await replica.kill();
      await server.stop();
    }
  });
});

async function connections(client: { info(section: string): Promise<string> }): Promise<number> {
  return Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]);
}
