import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export interface LoadResult {
  readonly sent: number;
  readonly answered: number;
  /** Attempts to connect that found nobody listening: no event was taken and lost. */
  readonly refused: number;
  /** Anything else than 200, by status, and breaks on a connection that was established, by code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of right answers, in milliseconds, sorted. */
  readonly latencies: readonly number[];
}

export interface Load {
  /** Ends when the service was not there for a while, or when it is told to. */
  readonly done: Promise<LoadResult>;
  stop(): void;
}

export interface LoadOptions {
  readonly url: string;
  readonly body: string;
  readonly perSecond: number;
  readonly connections: number;
  /** Goes on when nobody listens, as while another process takes over. */
  readonly goOn?: boolean;
  /** The text of every right answer; another one is a failure. */
  readonly expected?: string;
}

/** Requests at a steady rate over connections that are kept, as Logstash's workers send them; nothing is repeated. */
export function steadyLoad({ url, body, perSecond, connections, goOn = false, expected }: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' });
  const failures: Record<string, number> = {};
  const latencies: number[] = [];
  let sent = 0;
  let refused = 0;
  let isOver = false;
  const options = {
    agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  };
  const target = new URL(url);

  function send(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const began = performance.now();
    let isConnected = false;
    sent++;
    const fail = (code: string) => {
      failures[code] = (failures[code] ?? 0) + 1;
      resolve();
    };
    request(target, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode !== 200) fail(String(response.statusCode));
        else if (expected !== undefined && Buffer.concat(chunks).toString() !== expected)
          fail('wrong answer');
        else {
          latencies.push(performance.now() - began);
          resolve();
        }
      });
      response.on('error', (error) => fail(`broken answer ${(error as NodeJS.ErrnoException).code}`));
    })
      .on('socket', (socket) => {
        isConnected = !socket.connecting;
        if (socket.connecting)
          socket.once('connect', () => {
            isConnected = true;
          });
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        if (!isConnected && error.code === 'ECONNREFUSED') {
          refused++;
          if (!goOn) isOver = true;
          resolve();
        } else fail(error.code ?? error.message);
      })
      .end(body);
    return promise;
  }

  async function run(): Promise<LoadResult> {
    const began = performance.now();
    const underWay = new Set<Promise<void>>();
    while (!isOver) {
      const due = ((performance.now() - began) / 1000) * perSecond;
      // What finds every connection in use waits for one, as it does in Logstash.
      while (sent < due && underWay.size < connections && !isOver) {
        const one = send();
        underWay.add(one);
        void one.then(() => underWay.delete(one));
      }
      await wait(2);
    }
    await Promise.all(underWay);
    agent.destroy();
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    latencies.sort((a, b) => a - b);
    return { sent, answered: sent - refused - failed, refused, failures, latencies };
  }

  return {
    done: run(),
    stop() {
      isOver = true;
    },
  };
}
