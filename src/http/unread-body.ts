import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Many clients read no answer before they have sent all. */
const MOST_DROPPED_BYTES = 8 * 1024 * 1024;

/** Reads what is left of a body that is too large, so that the answer arrives and the connection can go on. */
export function dropRest({ raw, routeOptions }: FastifyRequest, reply: FastifyReply): void {
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
 * Reads off what is left of a stream that nobody wants any more: left where it is, clients that send all first would
 * hang, and broken off, the answer would not reach them. There is no limit, as there is none to streams that are
 * wanted; Node does the same with bodies that no one began to read.
 */
export function readOff(body: Readable): void {
  body.resume();
}
