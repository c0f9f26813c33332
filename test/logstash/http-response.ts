import { gunzipSync, inflateSync } from 'node:zlib';

export interface RawResponse {
  readonly status: number;
  /** Lower-case names; a header that came twice is a list, as Manticore hands it over. */
  readonly headers: { readonly [name: string]: string | readonly string[] };
  readonly body: Buffer;
}

/** Reads one HTTP/1.1 response as its bytes come in. */
export interface ResponseReader {
  /** The response, once its last byte is there. */
  push(bytes: Buffer): RawResponse | undefined;
  /** The server has closed: only a response without a length is whole then. */
  end(): RawResponse | undefined;
}

export function responseReader(): ResponseReader {
  let bytes: Buffer = Buffer.alloc(0);
  const whole = (isEnd: boolean): RawResponse | undefined => {
    const headEnd = bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) return undefined;
    const { status, headers } = parseHead(bytes.toString('latin1', 0, headEnd));
    const rest = bytes.subarray(headEnd + 4);
    const body = bodyOf(rest, status, headers, isEnd);
    return body === undefined ? undefined : { status, headers, body: decode(body, headers) };
  };
  return {
    push(next) {
      bytes = Buffer.concat([bytes, next]);
      return whole(false);
    },
    end: () => whole(true),
  };
}

function parseHead(head: string): Pick<RawResponse, 'status' | 'headers'> {
  const [first = '', ...lines] = head.split('\r\n');
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    const value = line.slice(line.indexOf(':') + 1).trim();
    const known = headers[name];
    headers[name] = known === undefined ? value : [known, value].flat();
  }
  return { status: Number(first.split(' ')[1]), headers };
}

function bodyOf(
  rest: Buffer,
  status: number,
  headers: RawResponse['headers'],
  isEnd: boolean,
): Buffer | undefined {
  if (status === 204 || status === 304) return Buffer.alloc(0);
  if (headers['transfer-encoding'] === 'chunked') return unchunk(rest);
  const length = headers['content-length'];
  if (length === undefined) return isEnd ? rest : undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

function unchunk(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    at = lineEnd + 2;
    if (bytes.length < at + size + 2) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
}

/** The client advertises gzip and deflate, and undoes them unasked. */
function decode(body: Buffer, headers: RawResponse['headers']): Buffer {
  switch (headers['content-encoding']) {
    case 'gzip':
      return gunzipSync(body);
    case 'deflate':
      return inflateSync(body);
    default:
      return body;
  }
}
