import { setTimeout as wait } from 'node:timers/promises';
import { startServiceProcess } from './service-process.ts';
import { type LoadResult, steadyLoad } from './steady-load.ts';

/**
 * A policy that takes milliseconds to analyse, so that a client on the same machine can offer ten times what the
 * service can do. Without a time nothing is learned from it, and every answer is the same.
 */
const HEAVY = JSON.stringify({
  eventSource: 'iam.amazonaws.com',
  eventName: 'PutUserPolicy',
  recipientAccountId: '111122223333',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice', accountId: '111122223333' },
  requestParameters: {
    userName: 'bob',
    policyName: 'p',
    policyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: Array.from({ length: 60 }, (_, i) => ({
        Effect: i % 3 === 0 ? 'Deny' : 'Allow',
        Action: [`iam:*${i % 7}*`, 'iam:Put*', `s3:?et*${i}`, 'ec2:*'],
        Resource: '*',
      })),
    }),
  },
});

export interface Overloaded {
  /** Heavy events a second that the service can do. */
  readonly capacity: number;
  readonly offered: number;
  readonly load: LoadResult;
  readonly restingBytes: number;
  readonly mostBytes: number;
  /** Milliseconds from the end of the load until ten answers in a row took less than 50 ms each. */
  readonly recovery: number;
}

/** Ten times the capacity, over many connections, for so many seconds. */
export async function overload(seconds: number, connections: number): Promise<Overloaded> {
  const service = await startServiceProcess({ environment: { DETRAILS_DRAIN_SECONDS: '0' } });
  try {
    const url = `${service.url}/enrich`;
    const ask = async () => (await fetch(url, { method: 'POST', body: HEAVY })).text();
    const expected = await ask();
    const capacity = await measureCapacity(ask);
    const restingBytes = service.rssBytes();
    let mostBytes = restingBytes;
    const watch = setInterval(() => {
      mostBytes = Math.max(mostBytes, service.rssBytes());
    }, 100);
    const offered = capacity * 10;
    const load = steadyLoad({ url, body: HEAVY, perSecond: offered, connections, expected });
    await wait(seconds * 1000);
    load.stop();
    const result = await load.done;
    const ended = performance.now();
    for (let quick = 0; quick < 10; ) {
      const began = performance.now();
      await (await fetch(`${service.url}/livez`)).text();
      quick = performance.now() - began < 50 ? quick + 1 : 0;
    }
    clearInterval(watch);
    return { capacity, offered, load: result, restingBytes, mostBytes, recovery: performance.now() - ended };
  } finally {
    service.child.kill('SIGKILL');
  }
}

async function measureCapacity(ask: () => Promise<string>): Promise<number> {
  for (let i = 0; i < 50; i++) await ask();
  let answered = 0;
  const began = performance.now();
  const worker = async () => {
    while (performance.now() - began < 2000) {
      await ask();
      answered++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return Math.round((answered / (performance.now() - began)) * 1000);
}
