import { Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../observability/log.ts';
import type { DroppedFor, Metrics } from '../observability/metrics.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { headOf, isAnswering, isStreamed, requestOn } from './request-head.ts';

/** Where connections never stop coming, as from clients that keep none. */
export const LONGEST_UNREST_MILLISECONDS = 500;
const QUICK_TURN_MILLISECONDS = 0.1;

/** Bodies that come in less are not counted as held: they are answered before many more of them come. */
const MOMENT_MILLISECONDS = 1_000;

/** Drops that follow each other within this time are one occasion, with one line in the log. */
const QUIET_MILLISECONDS = 60_000;

export interface WatchOptions {
  readonly limits: ConnectionLimits;
  readonly bodyLimitBytes: number;
  readonly maxConnections: number;
  readonly metrics: Metrics;
  readonly log: Pick<Logger, 'warn'>;
}

/** Knows the open connections of a server: drops those that hold up memory, and waits for the others at the end. */
export class ConnectionWatch {
  readonly #server: Server;
  readonly #options: WatchOptions;
  readonly #sockets = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  readonly #lastDrops = new Map<DroppedFor, number>();
  #taken = 0;

  constructor(server: Server, options: WatchOptions) {
    this.#server = server;
    this.#options = options;
    server.maxConnections = options.maxConnections;
    server.on('drop', () => this.#count('too_many'));
    // Over TLS requests come on a socket of their own, around that of the connection.
    for (const event of ['connection', 'secureConnection']) {
      server.on(event, (socket: Socket) => {
        this.#taken++;
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
      });
    }
    this.#timer = setInterval(() => this.sweep(performance.now()), options.limits.sweep);
    this.#timer.unref();
  }

  /**
   * Requests that are read or answered. Asked of the connections when somebody wants to know: a count would have to be
   * kept at the beginning and at the end of each request, however it ends.
   */
  get inFlight(): number {
    let count = 0;
    for (const socket of this.#sockets) if (isAnswering(socket)) count++;
    return count;
  }

  /**
   * Closes connections whose body takes too long, and the oldest of those that take more than a moment where they
   * hold too much together. What a body will hold is known by its Content-Length before it is there.
   */
  sweep(now: number): void {
    const { limits, bodyLimitBytes } = this.#options;
    const slow: { socket: Socket; age: number; bytes: number }[] = [];
    for (const socket of this.#sockets) {
      const request = requestOn(socket);
      if (request === undefined || request.complete || isStreamed(request)) continue;
      const age = now - headOf(request);
      if (age > limits.body) this.#drop(socket, 'slow');
      else if (age > MOMENT_MILLISECONDS) {
        const declared = Number(request.headers['content-length'] ?? bodyLimitBytes);
        slow.push({ socket, age, bytes: Math.min(declared, bodyLimitBytes) });
      }
    }
    slow.sort((a, b) => a.age - b.age);
    let bytes = 0;
    for (const entry of slow) {
      bytes += entry.bytes;
      if (bytes > limits.bytesUnderWay) this.#drop(entry.socket, 'memory');
    }
  }

  /**
   * Stops taking connections and leaves the open ones alone: http's own close would break those between two requests.
   * What the kernel has taken and the process has not is reset when the socket closes, and libuv takes one connection
   * a turn of its loop: so it closes at the end of a quick turn that brought none, when nobody stands in line.
   */
  async stopListening(): Promise<void> {
    const end = performance.now() + LONGEST_UNREST_MILLISECONDS;
    let taken = -1;
    let began = 0;
    while (performance.now() < end) {
      const isQuiet = this.#taken === taken && performance.now() - began < QUICK_TURN_MILLISECONDS;
      if (isQuiet) break;
      taken = this.#taken;
      began = performance.now();
      await new Promise(setImmediate);
    }
    if (this.#server.listening) Server.prototype.close.call(this.#server);
  }

  /** Waits until no connection is open, but no longer than that. */
  async allClosed(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (this.#sockets.size > 0 && performance.now() < end) await wait(10);
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #drop(socket: Socket, reason: DroppedFor): void {
    this.#count(reason);
    socket.destroy();
  }

  #count(reason: DroppedFor): void {
    this.#options.metrics.connectionsDropped.inc({ reason });
    const now = performance.now();
    const isNew = now - (this.#lastDrops.get(reason) ?? Number.NEGATIVE_INFINITY) > QUIET_MILLISECONDS;
    this.#lastDrops.set(reason, now);
    if (isNew) this.#tell(reason);
  }

  /** A single slow client is its own affair; these cost clients that did nothing wrong their events. */
  #tell(reason: DroppedFor): void {
    const { log, limits, maxConnections } = this.#options;
    if (reason === 'too_many')
      log.warn(`${maxConnections} connections are open (DETRAILS_MAX_CONNECTIONS): more are closed at once`);
    if (reason === 'memory')
      log.warn(`slow bodies hold more than ${limits.bytesUnderWay} bytes together: the oldest are closed`);
  }
}
