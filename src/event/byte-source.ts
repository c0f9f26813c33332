import { finished, Readable, type Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, createInflate } from 'node:zlib';
import { RefusedRequest } from '../errors.ts';

/** What of a stream is there at a time, in order: never empty. */
export type Turn = readonly Buffer[];

/** Some 140 records, a few milliseconds' work: others wait for no longer (http/pace.ts). */
const MOST_TURN_BYTES = 256 * 1024;

/** The mean of a turn's chunks from which on they are worth their own: HTTP lets a client send one for every byte. */
const SMALL_CHUNK_BYTES = 1024;

/** So many of them, and the network waits, as it does for bytes. */
const MOST_TURN_CHUNKS = 16 * 1024;

/** Of what was compressed: as long as those that the kernel gives, some thirty records. */
const CHUNK_BYTES = 65_536;

/**
 * A stream of bytes, in turns: all that has come when the reader asks for more, but no more than it can answer within a
 * turn of the event loop. Read chunk by chunk, the network code and the reader drive each other out of the processor's
 * caches, once for each chunk (docs/decisions/0013). Throws the stream's error, or ERR_STREAM_PREMATURE_CLOSE.
 */
export async function* inTurns(source: Readable): AsyncGenerator<Turn> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let end: { readonly error: Error | undefined } | undefined;
  let wake: (() => void) | undefined;
  const take = (chunk: Buffer): void => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_TURN_BYTES || chunks.length >= MOST_TURN_CHUNKS) source.pause();
    wake?.();
  };
  const forget = finished(source, { writable: false }, (error) => {
    end = { error: error ?? undefined };
    wake?.();
  });
  source.on('data', take);
  try {
    for (;;) {
      if (bytes === 0 && end === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      // Others have their turn; and the kernel may hold more than the first chunk, and hands it over in the same one.
      await setImmediate();
      if (bytes === 0) break;
      const turn = bytes < chunks.length * SMALL_CHUNK_BYTES ? joined(chunks) : chunks;
      chunks = [];
      bytes = 0;
      source.resume();
      yield turn;
    }
    if (end?.error !== undefined) throw end.error;
  } finally {
    forget();
    source.off('data', take);
    if (end === undefined) source.destroy();
  }
}

function joined(chunks: Buffer[]): Buffer[] {
  return chunks.length === 1 ? chunks : [Buffer.concat(chunks)];
}

/**
 * The bytes of a source, decompressed where they are gzip: that is told by the first two bytes, as S3 objects are
 * often handed on without a word about it. `deflate` is taken at its word. Ends with a RefusedRequest
 * `bad_compression` where the compressed data is broken or cut off; nothing is held but the turn at hand.
 */
export async function* decompressed(
  source: AsyncIterable<Turn>,
  encoding = 'identity',
): AsyncGenerator<Turn> {
  const turns = source[Symbol.asyncIterator]();
  const first = await turns.next();
  if (first.done) return;
  const whole = startingWith(first.value, turns);
  if (isGzip(first.value)) yield* through(createGunzip({ chunkSize: CHUNK_BYTES }), whole);
  else if (encoding === 'deflate') yield* through(createInflate({ chunkSize: CHUNK_BYTES }), whole);
  else if (encoding === 'identity') yield* whole;
  else throw new RefusedRequest({ code: 'bad_compression' });
}

function isGzip([first]: Turn): boolean {
  return first?.[0] === 0x1f && first[1] === 0x8b;
}

async function* startingWith(first: Turn, rest: AsyncIterator<Turn>): AsyncGenerator<Turn> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* through(transform: Transform, source: AsyncIterable<Turn>): AsyncGenerator<Turn> {
  const input = Readable.from(chunksOf(source));
  input.on('error', (error) => transform.destroy(error));
  try {
    yield* inTurns(input.pipe(transform));
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new RefusedRequest({ code: 'bad_compression' });
    }
    throw error;
  }
}

async function* chunksOf(source: AsyncIterable<Turn>): AsyncGenerator<Buffer> {
  for await (const turn of source) yield* turn;
}
