import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type RawResponse, responseReader } from './http-response.ts';

export interface ClientSettings {
  readonly url: string;
  readonly verb?: string;
  readonly contentType?: 'application/json' | 'text/plain';
  readonly headers?: { readonly [name: string]: string };
  readonly user?: string;
  readonly password?: string;
  readonly cookies?: boolean;
  readonly keepalive?: boolean;
  readonly retryNonIdempotent?: boolean;
  readonly socketTimeoutSeconds?: number;
  readonly connectTimeoutSeconds?: number;
}

/** A response, or an error on the client's side, such as a connection that broke. */
export type ClientResult =
  | { readonly ok: true; readonly response: RawResponse }
  | { readonly ok: false; readonly error: string };

/**
 * The HTTP client below Logstash's http filter, as it was measured (filter 2.0.0, Manticore 0.9.2, httpclient
 * 4.5.13; docs/logstash.md): the bytes that it sends, and how it keeps, trusts and repeats connections.
 */
export interface HttpFilterClient {
  send(body: string | undefined): Promise<ClientResult>;
  /** Connections opened so far. */
  readonly opened: number;
  close(): void;
}

/** pool_max_per_route of mixin-http_client. */
const MOST_CONNECTIONS = 25;
/** validate_after_inactivity: a connection that lay idle for less is used without a look whether it still lives. */
const TRUSTED_MILLISECONDS = 200;

interface Connection {
  readonly socket: Socket;
  idleSince: number;
  /** When the server said that it would close it. */
  expires: number;
  hasEnded: boolean;
}

export function httpFilterClient(settings: ClientSettings): HttpFilterClient {
  const target = new URL(settings.url);
  const idle: Connection[] = [];
  const open = new Set<Connection>();
  const jar = new Map<string, string>();
  let opened = 0;
  let leased = 0;

  async function send(body: string | undefined): Promise<ClientResult> {
    let result = await attempt(body);
    // Only what broke is repeated, once: never a status, a connection that was refused, or a time that ran out.
    const mayRepeat = settings.retryNonIdempotent === true || settings.verb !== 'POST';
    if (!result.ok && result.error === BROKEN && mayRepeat) result = await attempt(body);
    return result;
  }

  async function attempt(body: string | undefined): Promise<ClientResult> {
    while (leased >= MOST_CONNECTIONS) await wait(1);
    leased++;
    const connection = await lease();
    const result: ClientResult =
      connection === undefined
        ? { ok: false, error: 'Connect to the server failed' }
        : await exchange(connection, requestBytes(target, settings, body, jar), settings);
    if (connection !== undefined && result.ok) keep(connection, result.response);
    else if (connection !== undefined) drop(connection);
    leased--;
    return result;
  }

  async function lease(): Promise<Connection | undefined> {
    for (let known = idle.pop(); known !== undefined; known = idle.pop()) {
      const isTrusted = performance.now() - known.idleSince < TRUSTED_MILLISECONDS;
      if (performance.now() < known.expires && (isTrusted || !known.hasEnded)) return known;
      drop(known);
    }
    const fresh = await connectTo(target, (settings.connectTimeoutSeconds ?? 10) * 1000);
    if (fresh === undefined) return undefined;
    opened++;
    open.add(fresh);
    return fresh;
  }

  function keep(connection: Connection, response: RawResponse): void {
    if (settings.cookies !== false) storeCookies(jar, response);
    if (settings.keepalive === false || response.headers['connection'] === 'close') {
      drop(connection);
      return;
    }
    const timeout = /timeout=(\d+)/.exec(String(response.headers['keep-alive'] ?? ''))?.[1];
    connection.idleSince = performance.now();
    connection.expires = timeout === undefined ? Infinity : performance.now() + Number(timeout) * 1000;
    idle.push(connection);
  }

  function drop(connection: Connection): void {
    open.delete(connection);
    connection.socket.destroy();
  }

  return {
    send,
    get opened() {
      return opened;
    },
    close: () => [...open].forEach(drop),
  };
}

const BROKEN = 'The target server failed to respond';

/** The half that the server closed is kept open on our side: a client that does not look does not notice. */
function connectTo(target: URL, timeout: number): Promise<Connection | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: target.hostname.replace(/^\[|\]$/g, ''),
      port: Number(target.port),
      noDelay: true,
      allowHalfOpen: true,
    });
    const connection: Connection = { socket, idleSince: 0, expires: Infinity, hasEnded: false };
    const timer = setTimeout(() => socket.destroy(), timeout);
    socket.on('connect', () => resolve(connection));
    socket.on('end', () => {
      connection.hasEnded = true;
    });
    socket.on('close', () => {
      connection.hasEnded = true;
      resolve(undefined);
    });
    socket.on('error', () => undefined);
    for (const event of ['connect', 'close']) socket.on(event, () => clearTimeout(timer));
  });
}

/** One request and its response over a connection; socket_timeout is the longest gap between bytes. */
function exchange(connection: Connection, bytes: Buffer, settings: ClientSettings): Promise<ClientResult> {
  const { socket } = connection;
  if (connection.hasEnded) {
    if (socket.writable) socket.write(bytes);
    return Promise.resolve({ ok: false, error: BROKEN });
  }
  const reader = responseReader();
  return new Promise((resolve) => {
    const onData = (data: Buffer) => {
      timer.refresh();
      const response = reader.push(data);
      if (response !== undefined) finish({ ok: true, response });
    };
    const onEnd = () => {
      const response = reader.end();
      finish(response === undefined ? { ok: false, error: BROKEN } : { ok: true, response });
    };
    const timer = setTimeout(
      () => finish({ ok: false, error: 'Read timed out' }),
      (settings.socketTimeoutSeconds ?? 10) * 1000,
    );
    const finish = (result: ClientResult) => {
      clearTimeout(timer);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      resolve(result);
    };
    socket.on('data', onData).on('end', onEnd).on('close', onEnd);
    socket.write(bytes);
  });
}

/** Names, spelling and order of the headers as Manticore 0.9.2 sends them. */
export function requestBytes(
  target: URL,
  settings: ClientSettings,
  body: string | undefined,
  jar: ReadonlyMap<string, string>,
): Buffer {
  const payload = Buffer.from(body ?? '', 'utf8');
  const verb = settings.verb ?? 'GET';
  const contentType = settings.contentType ?? 'text/plain';
  const isKept = settings.keepalive !== false;
  const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const lines = [
    `${verb} ${target.pathname}${target.search} HTTP/1.1`,
    ...(isKept ? ['Connection: Keep-Alive'] : []),
    ...Object.entries(settings.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    `content-type: ${contentType}`,
    ...(verb === 'GET' ? [] : [`Content-Length: ${payload.length}`]),
    `Host: ${target.host}`,
    ...(isKept ? [] : ['Connection: Keep-Alive']),
    'User-Agent: Manticore 0.9.2',
    ...(cookies === '' ? [] : [`Cookie: ${cookies}`]),
    'Accept-Encoding: gzip,deflate',
    ...basicAuthorization(settings),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return verb === 'GET' ? head : Buffer.concat([head, payload]);
}

/** Sent unasked, with every request. */
function basicAuthorization({ user, password }: ClientSettings): string[] {
  if (user === undefined || password === undefined) return [];
  return [`Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`];
}

function storeCookies(jar: Map<string, string>, response: RawResponse): void {
  for (const cookie of [response.headers['set-cookie'] ?? []].flat()) {
    const [pair = ''] = cookie.split(';');
    jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
}
