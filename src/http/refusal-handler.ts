import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REFUSALS, type RefusalCode, RefusedRequest } from '../errors.ts';
import type { Logger } from '../observability/log.ts';

/** RFC 9457. What was sent is never repeated: Logstash writes this answer into its log. */
export interface ProblemDocument {
  readonly title: string;
  readonly status: number;
  readonly code: RefusalCode;
  readonly path?: string;
  readonly detail?: string;
}

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
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemDocument(code, path, detail)));
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
  const code = FASTIFY_CODES[error.code];
  if (code !== undefined) return sendRefusal(reply, code, error.validation?.[0]?.instancePath);
  if (error.statusCode !== undefined && error.statusCode < 500) return sendRefusal(reply, 'bad_request');
  logFailure(request, error, log);
  return sendRefusal(reply, 'internal');
}

/** The stack names our own lines only; the message of an unexpected error may hold a part of the input. */
function logFailure(request: FastifyRequest, error: Error, log: Logger): void {
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  log.error(
    { 'error.type': error.name, 'error.stack_trace': frames.join('\n'), 'http.request.id': request.id },
    'a request failed inside the service',
  );
}
