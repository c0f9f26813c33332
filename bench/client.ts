import { readFileSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { withEventId } from './records.ts';

/**
 * A client in a process of its own: connections that are kept, one request at a time on each, written and read with as
 * little work as can be. With `perSecond` requests are due at even times, and a wait for a free connection counts.
 * `asHttpFilter` does for each event what Logstash's http filter does: makes JSON of the event, hands it to an HTTP
 * client with a pool of connections, waits, parses the answer, and puts it into the event.
 */
export interface ClientOptions {
  readonly url: string;
  readonly recordsFile: string;
  readonly connections: number;
  readonly seconds: number;
  readonly perSecond?: number;
  readonly asHttpFilter?: boolean;
  /** Gives each event an id of its own, and figures for each window of so many seconds. */
  readonly windowSeconds?: number;
}

export interface ClientWindow {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface ClientResult {
  readonly answered: number;
  readonly windows: readonly ClientWindow[];
}

const options: ClientOptions = JSON.parse(process.argv[2] ?? '{}');
const { hostname, port, pathname } = new URL(options.url);
const records = readFileSync(options.recordsFile, 'utf8').trim().split('\n');
const events = options.asHttpFilter ? records.map((record) => JSON.parse(record)) : [];
const head = `POST ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: `;
const began = performance.now();
const end = began + options.seconds * 1000;
const windowMilliseconds = (options.windowSeconds ?? options.seconds) * 1000;
const windows: ClientWindow[] = [];
let windowEnd = began + windowMilliseconds;
let latencies: number[] = [];
let answered = 0;
let sent = 0;

class Connection {
  readonly #socket: Socket;
  readonly #onFree: (connection: Connection) => void;
  #parts: Buffer[] = [];
  #length = 0;
  #expected = 0;
  #due = 0;

  constructor(onFree: (connection: Connection) => void) {
    this.#onFree = onFree;
    this.#socket = connect(Number(port), hostname, () => onFree(this));
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', fail);
  }

  send(due: number): void {
    this.#due = due;
    const number = sent++;
    const record = records[number % records.length] as string;
    const body = options.windowSeconds === undefined ? record : withEventId(record, number);
    this.#socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    if (this.#expected === 0) this.#expected = expectedLength(this.#parts);
    if (this.#expected === 0 || this.#length < this.#expected) return;
    this.#parts = [];
    this.#length = 0;
    this.#expected = 0;
    note(performance.now() - this.#due);
    this.#onFree(this);
  }
}

/** Bytes of the whole answer; 0 while its head is not complete. */
function expectedLength(parts: Buffer[]): number {
  const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return 0;
  const text = bytes.toString('latin1', 0, headEnd);
  if (!text.startsWith('HTTP/1.1 200')) fail(new Error(`answered ${text.slice(0, 40)}`));
  return headEnd + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1]);
}

function fail(error: Error): never {
  console.error(error.message);
  process.exit(1);
}

function note(milliseconds: number): void {
  answered++;
  latencies.push(milliseconds);
  if (performance.now() >= windowEnd) closeWindow();
}

function closeWindow(): void {
  latencies.sort((a, b) => a - b);
  const at = (part: number) => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
  windows.push({ perSecond: (latencies.length * 1000) / windowMilliseconds, p50: at(0.5), p99: at(0.99) });
  latencies = [];
  windowEnd += windowMilliseconds;
}

const free: Connection[] = [];

function asFastAsItGoes(connection: Connection): void {
  if (performance.now() < end) connection.send(performance.now());
  else finish();
}

/** A timer wakes up late now and then: what is due by then is sent at once, and counted from when it was due. */
function atEvenTimes(perSecond: number): void {
  const gap = 1000 / perSecond;
  let due = performance.now();
  const tick = () => {
    const now = performance.now();
    if (now >= end) return finish();
    for (; due <= now && free.length > 0; due += gap) free.shift()?.send(due);
    setTimeout(tick, 1);
  };
  tick();
}

function finish(): void {
  if (windows.length === 0) closeWindow();
  writeSync(1, JSON.stringify({ answered, windows } satisfies ClientResult));
  process.exit(0);
}

/** One worker of Logstash: an event after the other, each through the pool. */
async function filterEvents(agent: Agent): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  while (performance.now() < end) {
    const event = { ...events[sent++ % events.length] };
    const before = performance.now();
    const body = JSON.stringify(event);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const length = Buffer.byteLength(body);
    request(
      options.url,
      { agent, method: 'POST', headers: { ...headers, 'content-length': length } },
      (answer) => {
        if (answer.statusCode === 200) text(answer).then(resolve, reject);
        else reject(new Error(`answered ${answer.statusCode}`));
      },
    )
      .on('error', reject)
      .end(body);
    event['detrails'] = JSON.parse(await promise);
    note(performance.now() - before);
  }
}

if (options.asHttpFilter) {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const workers = Array.from({ length: options.connections }, () => filterEvents(agent));
  await Promise.all(workers).catch(fail);
  finish();
} else {
  const onFree = options.perSecond === undefined ? asFastAsItGoes : (one: Connection) => void free.push(one);
  for (let i = 0; i < options.connections; i++) new Connection(onFree);
  if (options.perSecond !== undefined) atEvenTimes(options.perSecond);
}
