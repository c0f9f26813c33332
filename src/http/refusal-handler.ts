import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REFUSALS, type RefusalCode, RefusedRequest } from '../errors.ts';
import { BrokenStream } from '../event/byte-source.ts';
import type { Logger } from '../observability/log.ts';
import { RETRY_AFTER_SECONDS } from './connection-limits.ts';
import { logFailure } from './log-failure.ts';
import { PROBLEM_TYPE, problemDocument } from './problem-document.ts';
import { dropRest } from './unread-body.ts';

/** Fastify's own errors, by their codes, as ours. */
const FASTIFY_CODES: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_VALIDATION: 'bad_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'bad_request',
  FST_ERR_BAD_URL: 'bad_request',
  FST_ERR_NOT_FOUND: 'not_found',
};

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

export function refuseError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  if (error instanceof RefusedRequest) return sendRefusal(reply, error.code, error.path);
  if (error instanceof BrokenStream) return sendRefusal(reply, 'bad_compression');
  const code = FASTIFY_CODES[error.code];
  if (code === 'body_too_large') dropRest(request, reply);
  if (code !== undefined) return sendRefusal(reply, code, parameterAt(error.validation?.[0]?.instancePath));
  if (isBrokenOff(error, request)) return sendRefusal(reply, 'bad_request');
  if (error.statusCode !== undefined && error.statusCode < 500) return sendRefusal(reply, 'bad_request');
  logFailure(error, log);
  return sendRefusal(reply, 'internal');
}

/**
 * Ajv names a parameter by a JSON pointer (RFC 6901): the caller's name for it follows the slash, and none is nested.
 */
function parameterAt(pointer = ''): string {
  return pointer.slice(1);
}

/**
 * The client went away while it sent: nobody failed, and nobody reads the answer. These are the errors that Node ends
 * the stream of a body with, and those of the service's own making are not to be lost among them.
 */
function isBrokenOff({ code }: FastifyError, { raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete && (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE');
}
