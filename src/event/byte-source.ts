import { finished, Readable, type Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, createInflate } from 'node:zlib';
import { codeOfError } from '../thrown.ts';

/** Compressed data that is broken, cut off, or not what it is said to be. */
export class BrokenStream extends Error {}

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
 * @param leave what becomes of a stream that the reader leaves before its end
 */
export async function* inTurns(source: Readable, leave = destroy): AsyncGenerator<Turn> {
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
    if (end === undefined) leave(source);
  }
}

function destroy(source: Readable): void {
  source.destroy();
}

function joined(chunks: Buffer[]): Buffer[] {
  return chunks.length === 1 ? chunks : [Buffer.concat(chunks)];
}

/**
 * The bytes of a source, decompressed where they are gzip: that is told by the first two bytes, as S3 objects are
 * often handed on without a word about it. `deflate` is taken at its word. Throws a BrokenStream where the compressed
 * data is broken or cut off; nothing is held but the turn at hand.
 */
export async function* decompressed(
  source: AsyncIterable<Turn>,
  encoding = 'identity',
): AsyncGenerator<Turn> {
  const turns = source[Symbol.asyncIterator]();
  try {
    const beginning = await beginningOf(turns);
    if (beginning.length === 0) return;
    const whole = startingWith(beginning, turns);
    if (isGzip(beginning)) yield* through(createGunzip({ chunkSize: CHUNK_BYTES }), whole);
    else if (encoding === 'deflate') yield* through(createInflate({ chunkSize: CHUNK_BYTES }), whole);
    else if (encoding === 'identity') yield* whole;
    else throw new BrokenStream();
  } finally {
    // Not waited for: a source that is to give more first may be that of a client who waits for our answer.
    turns.return?.().catch(() => undefined);
  }
}

/** As many turns as it takes to tell what they are: of a slow sender the first may be a single byte. */
async function beginningOf(turns: AsyncIterator<Turn>): Promise<Turn> {
  let beginning: Turn = [];
  while (beginning.reduce((bytes, { length }) => bytes + length, 0) < GZIP.length) {
    const next = await turns.next();
    if (next.done) break;
    beginning = [...beginning, ...next.value];
  }
  return beginning;
}

/** RFC 1952, 2.3.1: ID1 and ID2. */
const GZIP = Buffer.from([0x1f, 0x8b]);

function isGzip(beginning: Turn): boolean {
  return Buffer.concat(beginning, GZIP.length).equals(GZIP);
}

/** What was taken off an iterator, and the rest of it behind. */
export async function* startingWith<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* through(transform: Transform, source: AsyncIterable<Turn>): AsyncGenerator<Turn> {
  const input = Readable.from(chunksOf(source));
  input.on('error', (error) => transform.destroy(error));
  try {
    yield* inTurns(input.pipe(transform));
  } catch (error) {
    if (codeOfError(error)?.startsWith('Z_')) throw new BrokenStream();
    throw error;
  } finally {
    input.destroy();
  }
}

async function* chunksOf(source: AsyncIterable<Turn>): AsyncGenerator<Buffer> {
  for await (const turn of source) yield* turn;
}
