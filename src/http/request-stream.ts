import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefusedRequest } from '../errors.ts';
import { decompressed } from '../event/byte-source.ts';

const ENCODINGS = ['identity', 'gzip', 'x-gzip', 'deflate'];

/** Routes of this scope read their bodies themselves, chunk by chunk. */
export function streamBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/** The decompressed bytes of a streamed request. Throws a RefusedRequest for an encoding that is not known. */
export function bytesOf(request: FastifyRequest<{ Body: Readable | undefined }>): AsyncGenerator<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (!ENCODINGS.includes(encoding)) throw new RefusedRequest({ code: 'unsupported_encoding' });
  return decompressed(request.body ?? Readable.from([]), encoding);
}
