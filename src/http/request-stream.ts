import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RefusedRequest } from '../errors.ts';
import { decompressed, inTurns, type Turn } from '../event/byte-source.ts';
import { sendOverload } from './refusal-handler.ts';
import { markStreamed } from './request-head.ts';
import type { ServiceContext } from './service-context.ts';
import { readOff } from './unread-body.ts';

const ENCODINGS = ['identity', 'gzip', 'x-gzip', 'deflate'];

/** Routes of this scope read their bodies themselves, turn by turn, so many of them at a time. */
export function streamBodies(app: FastifyInstance, context: ServiceContext): void {
  app.addHook('onRequest', (request, _reply, done) => {
    markStreamed(request.raw);
    done();
  });
  app.addHook('preHandler', async (request, reply) => {
    const leave = await context.streams.enter();
    if (leave === undefined) {
      context.metrics.overloadRefusals.inc({ reason: 'streams' });
      return sendOverload(reply.header('connection', 'close'));
    }
    // The client may have gone while it stood in line.
    if (reply.raw.closed) return leave();
    const mark: Mark = { bytes: request.raw.socket.bytesRead };
    const watch = setInterval(() => dropWhereItCrawls(request.raw, mark, context), CRAWL_MILLISECONDS);
    reply.raw.once('close', () => {
      clearInterval(watch);
      leave();
    });
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/** While others stand in line a stream brings so many bytes in so many milliseconds, or makes room. */
const CRAWL_BYTES = 4096;
const CRAWL_MILLISECONDS = 5_000;

interface Mark {
  /** That its connection had brought when it was looked at last. */
  bytes: number;
}

/**
 * A client may take all the places with a byte in half a minute each; without others it may go on for as long as it
 * likes.
 */
function dropWhereItCrawls({ socket, complete }: IncomingMessage, mark: Mark, context: ServiceContext): void {
  const brought = socket.bytesRead - mark.bytes;
  mark.bytes = socket.bytesRead;
  if (complete || context.streams.waiting === 0 || brought >= CRAWL_BYTES) return;
  context.metrics.connectionsDropped.inc({ reason: 'slow' });
  socket.destroy();
}

/**
 * The decompressed bytes of a streamed request. Throws a RefusedRequest for an encoding that is not known, and at the
 * first turn a BrokenStream for one that the bytes do not have.
 */
export function bytesOf(request: FastifyRequest<{ Body: Readable | undefined }>): AsyncGenerator<Turn> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (!ENCODINGS.includes(encoding)) throw new RefusedRequest({ code: 'unsupported_encoding' });
  return decompressed(inTurns(request.body ?? Readable.from([]), readOff), encoding);
}
