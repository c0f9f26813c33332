import { Readable, type Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { RefusedRequest } from '../errors.ts';

/** Large enough that a chunk holds some fifteen records, small enough that an answer to it stays out of V8's space for large objects. */
const CHUNK_BYTES = 32_768;

/**
 * The bytes of a source, decompressed where they are gzip: that is told by the first two bytes, as S3 objects are
 * often handed on without a word about it. `deflate` is taken at its word. Ends with a RefusedRequest
 * `bad_compression` where the compressed data is broken or cut off; nothing is held but the chunk at hand.
 */
export async function* decompressed(
  source: AsyncIterable<Buffer>,
  encoding = 'identity',
): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const whole = startingWith(first.value, chunks);
  if (isGzip(first.value)) yield* through(createGunzip({ chunkSize: CHUNK_BYTES }), whole);
  else if (encoding === 'deflate') yield* through(createInflate({ chunkSize: CHUNK_BYTES }), whole);
  else if (encoding === 'identity') yield* whole;
  else throw new RefusedRequest({ code: 'bad_compression' });
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* startingWith(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* through(transform: Transform, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = Readable.from(source);
  input.on('error', (error) => transform.destroy(error));
  try {
    for await (const chunk of input.pipe(transform)) yield chunk as Buffer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new RefusedRequest({ code: 'bad_compression' });
    }
    throw error;
  }
}
