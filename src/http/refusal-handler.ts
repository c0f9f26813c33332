import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REFUSALS, type RefusalCode, RefusedRequest } from '../errors.ts';
import type { Logger } from '../observability/log.ts';
import { RETRY_AFTER_SECONDS } from './connection-limits.ts';

/** RFC 9457. What was sent is never repeated: Logstash writes this answer into its log. */
export interface ProblemDocument {
  readonly title: string;
  readonly status: number;
  readonly code: RefusalCode;
  readonly path?: string;
  readonly detail?: string;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Fastify's own errors, by their codes, as ours. */
const FASTIFY_CODES: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_VALIDATION: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'bad_request',
  FST_ERR_BAD_URL: 'bad_request',
  FST_ERR_NOT_FOUND: 'not_found',
};

export function problemDocument(code: RefusalCode, path?: string, detail?: string): ProblemDocument {
  const { title, status } = REFUSALS[code];
  return { title, status, code, ...(path ? { path } : {}), ...(detail ? { detail } : {}) };
}

export function sendRefusal(
  reply: FastifyReply,
  code: RefusalCode,
  path?: string,
  detail?: string,
): FastifyReply {
  return reply
    .code(REFUSALS[code].status)
    .header('content-type', PROBLEM_TYPE)
    .send(JSON.stringify(problemDocument(code, path, detail)));
}

/** For what waited too long. Logstash repeats no request, whatever it is told; others do. */
export function sendOverload(reply: FastifyReply): FastifyReply {
  return sendRefusal(reply.header('retry-after', RETRY_AFTER_SECONDS), 'overloaded');
}

/** Every error leaves the service as problem+json with a code from the catalogue. */
export function registerRefusalHandler(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => refuseError(error, request, reply, log));
}

/** With the answer that is under way on it: node:_http_server asks the same where nobody listens to clientError. */
interface Answering extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * Answers what is not HTTP, or does not arrive, before there is a request: the text of a whole response. It is no part of
 * an answer that has begun, and comes behind those to requests that were whole.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  const answer = (socket as Answering)._httpMessage;
  const isWaiting = answer?.req.complete === true && !answer.writableFinished;
  if (error.code === 'ECONNRESET' || !socket.writable || (answer?.headersSent && !isWaiting)) {
    socket.destroy();
    return;
  }
  if (isWaiting) {
    // The parser is told of nothing more, and says the same of all that comes.
    socket.pause();
    answer.once('finish', () => answerBrokenRequest(error, socket));
    return;
  }
  const document = problemDocument(PARSER_CODES[error.code ?? ''] ?? 'bad_request');
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

const PARSER_CODES: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

export function refuseError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  if (error instanceof RefusedRequest) return sendRefusal(reply, error.code, error.path);
  const code = FASTIFY_CODES[error.code];
  if (code === 'body_too_large') dropRest(request, reply);
  if (code !== undefined) return sendRefusal(reply, code, error.validation?.[0]?.instancePath);
  if (isBrokenOff(error, request)) return sendRefusal(reply, 'bad_request');
  if (error.statusCode !== undefined && error.statusCode < 500) return sendRefusal(reply, 'bad_request');
  logFailure(error, log);
  return sendRefusal(reply, 'internal');
}

/**
 * The client went away while it sent: nobody failed, and nobody reads the answer. These are the errors that Node ends
 * the stream of a body with, and those of the service's own making are not to be lost among them.
 */
function isBrokenOff({ code }: FastifyError, { raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete && (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE');
}

/** Many clients read no answer before they have sent all. */
const MOST_DROPPED_BYTES = 8 * 1024 * 1024;

/** Reads what is left of a body that is too large, so that the answer arrives and the connection can go on. */
function dropRest({ raw, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  const declared = Number(raw.headers['content-length'] ?? 0);
  let left = (routeOptions.bodyLimit ?? 0) + MOST_DROPPED_BYTES;
  if (declared > left) return;
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.destroy();
  });
  raw.resume();
  reply.removeHeader('connection');
}

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
