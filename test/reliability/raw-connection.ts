import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A connection on which a test writes what it likes, byte by byte. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came so far. */
  text(): string;
  write(text: string | Buffer): Promise<void>;
  /** Resolves when so many answers are there; rejects when the connection ends before. */
  answers(count: number): Promise<string>;
  /** Whether it has ended or broken. */
  readonly isOver: boolean;
  readonly over: Promise<void>;
}

export async function rawConnection(url: string, allowHalfOpen = false): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen });
  const chunks: Buffer[] = [];
  let isOver = false;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const end = () => {
    isOver = true;
    resolve();
  };
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('end', end);
  socket.on('error', end);
  socket.on('close', end);
  await new Promise((connected) => socket.once('connect', connected));
  const text = () => Buffer.concat(chunks).toString('latin1');
  return {
    socket,
    text,
    over,
    get isOver() {
      return isOver;
    },
    async write(data) {
      if (!isOver && !socket.write(data))
        await Promise.race([new Promise((d) => socket.once('drain', d)), over]);
    },
    async answers(count) {
      while (text().split('HTTP/1.1 ').length - 1 < count) {
        if (isOver) throw new Error(`the connection ended after: ${text().slice(0, 200)}`);
        await wait(5);
      }
      return text();
    },
  };
}

export function post(path: string, body: string | Buffer, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'x', 'content-length': String(body.length), ...headers });
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
