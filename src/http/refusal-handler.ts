import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REFUSALS, type RefusalCode, RefusedRequest } from '../errors.ts';
import { BrokenStream } from '../event/byte-source.ts';
import type { Logger } from '../observability/log.ts';
import { RETRY_AFTER_SECONDS } from './connection-limits.ts';
import { logFailure } from './log-failure.ts';
import { PROBLEM_TYPE, problemDocument } from './problem-document.ts';
import { dropRest } from './unread-body.ts';

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
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    dropRest(request, reply);
    return sendRefusal(reply, 'body_too_large');
  }
  const isSenders = error.statusCode !== undefined && error.statusCode < 500;
  if (isSenders || isBrokenOff(error, request)) return refuseParameter(reply, error.validation?.[0]);
  logFailure(error, log);
  return sendRefusal(reply, 'internal');
}

/** @param fault the first that Ajv found, where it was asked */
function refuseParameter(
  reply: FastifyReply,
  fault?: { keyword: string; instancePath: string },
): FastifyReply {
  const detail =
    fault?.keyword === 'additionalProperties' ? 'There is a query parameter that is not known.' : undefined;
  return sendRefusal(reply, 'bad_request', parameterAt(fault?.instancePath), detail);
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
