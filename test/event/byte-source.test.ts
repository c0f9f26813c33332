import { PassThrough, Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenStream, decompressed, inTurns, type Turn } from '../../src/event/byte-source.ts';

/** As the service bounds it, and the largest chunk that a source of these tests gives at once. */
const MOST_TURN_BYTES = 256 * 1024;
const CHUNK_BYTES = 64 * 1024;

async function turnsOf(source: Readable): Promise<string[]> {
  const turns: string[] = [];
  for await (const turn of inTurns(source)) turns.push(Buffer.concat(turn).toString('latin1'));
  return turns;
}

describe('a stream in turns', () => {
  test('what came before the reader asked is one turn', async () => {
    const source = new PassThrough();
    for (const chunk of ['a', 'b', 'c']) source.write(chunk);
    source.end();
    expect(await turnsOf(source)).toEqual(['abc']);
  });

  test('what comes within the same turn of the event loop as the first chunk waited for is one turn', async () => {
    const source = new PassThrough();
    const turns = turnsOf(source);
    await new Promise(setImmediate);
    source.write('a');
    for (let tick = 0; tick < 9; tick++) await new Promise<void>((resolve) => process.nextTick(resolve));
    source.write('b');
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    source.end('c');
    expect(await turns).toEqual(['ab', 'c']);
  });

  test('chunks of a byte are handed on as one, and large ones as they came', async () => {
    const chunksOf = async (chunk: Buffer) => {
      const source = new PassThrough();
      for (let i = 0; i < 50; i++) source.write(chunk);
      source.end();
      const counts: number[] = [];
      for await (const turn of inTurns(source)) counts.push(turn.length);
      return counts;
    };
    expect(await chunksOf(Buffer.from('x'))).toEqual([1]);
    expect(await chunksOf(Buffer.alloc(2048))).toEqual([50]);
  });

  test('however small its chunks are, a source waits for its reader', async () => {
    let given = 0;
    const source = new Readable({
      highWaterMark: 64,
      read(): void {
        for (let i = 0; i < 64; i++) this.push('x');
        given += 64;
        if (given > 1e6) this.push(null);
      },
    });
    const turns = inTurns(source);
    for (let i = 0; i < 3; i++) {
      const { value } = await turns.next();
      expect(value?.[0]?.length).toBeLessThan(20_000);
    }
    await turns.return(undefined);
  });

  test('a stream of nothing has no turn', async () => {
    expect(await turnsOf(Readable.from([]))).toEqual([]);
  });

  test('whatever chunks it comes in, and whenever they come, no byte is lost, and their order stays', async () => {
    const chunk = fc.record({
      text: fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 }),
      late: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 30 }), async (chunks) => {
        async function* written(): AsyncGenerator<Buffer> {
          for (const { text, late } of chunks) {
            if (late) await new Promise(setImmediate);
            yield Buffer.from(text);
          }
        }
        const turns = await turnsOf(Readable.from(written(), { objectMode: false }));
        expect(turns.join('')).toBe(chunks.map(({ text }) => text).join(''));
        expect(turns).not.toContain('');
      }),
    );
  });

  test('a turn ends where answering it would take longer than others should wait, and the source waits with it', async () => {
    const source = new PassThrough();
    const chunks = 40;
    const chunk = Buffer.alloc(CHUNK_BYTES, 'x');
    let taken = 0;
    const write = async (): Promise<void> => {
      for (let i = 0; i < chunks; i++) {
        if (!source.write(chunk)) await new Promise((resolve) => source.once('drain', resolve));
        taken++;
      }
      source.end();
    };
    const written = write();
    const turns = inTurns(source);
    let bytes = 0;
    for (let turn = await turns.next(); !turn.done; turn = await turns.next()) {
      const length = Buffer.concat(turn.value).length;
      expect(length).toBeLessThan(MOST_TURN_BYTES + CHUNK_BYTES);
      bytes += length;
      for (let i = 0; i < 10; i++) await new Promise(setImmediate);
      expect(taken * CHUNK_BYTES - bytes).toBeLessThan(2 * MOST_TURN_BYTES);
    }
    await written;
    expect(bytes).toBe(chunks * CHUNK_BYTES);
  });

  test('between two turns the event loop goes round, however much lies ready', async () => {
    let left = 40;
    const source = new Readable({
      read(): void {
        this.push(left-- > 0 ? Buffer.alloc(CHUNK_BYTES) : null);
      },
    });
    let rounds = 0;
    let isCounting = true;
    const count = (): void => {
      rounds++;
      if (isCounting) setImmediate(count);
    };
    setImmediate(count);
    const seen: number[] = [];
    for await (const _ of inTurns(source)) {
      seen.push(rounds);
      for (let tick = 0; tick < 9; tick++) await new Promise<void>((resolve) => process.nextTick(resolve));
    }
    isCounting = false;
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('what came before a stream broke off is given, and then its error thrown', async () => {
    const source = new PassThrough();
    source.write('before');
    const turns = inTurns(source);
    const first = turns.next();
    await new Promise(setImmediate);
    source.destroy(new Error('gone'));
    expect(Buffer.concat((await first).value ?? []).toString()).toBe('before');
    await expect(turns.next()).rejects.toThrow('gone');
  });

  test('a stream that is closed before its end is no whole one', async () => {
    const source = new PassThrough();
    const turns = turnsOf(source);
    source.destroy();
    await expect(turns).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  test('a reader who leaves closes it', async () => {
    const source = new PassThrough();
    source.write('a');
    for await (const _ of inTurns(source)) break;
    expect(source.destroyed).toBe(true);
    expect(source.listenerCount('data')).toBe(0);
  });
});

/** A source that gives these chunks, a turn each, and tells whether its reader let go of it. */
function sourceOf(chunks: readonly Buffer[]): { source: AsyncIterable<Turn>; isOpen: () => boolean } {
  let isOpen = true;
  async function* turns(): AsyncGenerator<Turn> {
    try {
      for (const chunk of chunks) yield [chunk];
    } finally {
      isOpen = false;
    }
  }
  return { source: turns(), isOpen: () => isOpen };
}

function cut(bytes: Buffer, ...at: number[]): Buffer[] {
  const ends = [...at, bytes.length];
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

async function textOf(source: AsyncIterable<Turn>, encoding?: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const turn of decompressed(source, encoding)) chunks.push(...turn);
  return Buffer.concat(chunks).toString('latin1');
}

const LONG = 'a line of many\n'.repeat(100_000);
const BROKEN = gzipSync(LONG).fill(0xff, 10, 60);

describe('what was compressed', () => {
  test.each<[what: string, chunks: Buffer[], encoding: string | undefined, text: string]>([
    ['gzip', [gzipSync(LONG)], 'gzip', LONG],
    ['gzip of which nobody said a word', [gzipSync(LONG)], undefined, LONG],
    ['gzip whose first chunk is one byte', cut(gzipSync(LONG), 1), undefined, LONG],
    ['gzip whose first chunks are one byte each', cut(gzipSync(LONG), 1, 2, 3), 'gzip', LONG],
    ['gzip behind a chunk of nothing', cut(gzipSync(LONG), 0, 1), undefined, LONG],
    ['two gzips, one behind the other', [gzipSync('a'), gzipSync('b')], undefined, 'ab'],
    ['deflate', cut(deflateSync(LONG), 1), 'deflate', LONG],
    ['nothing compressed', [Buffer.from('a'), Buffer.from('b')], undefined, 'ab'],
    ['a single byte', [Buffer.from('a')], undefined, 'a'],
    ['the first byte of gzip, and no more', [Buffer.from([0x1f])], undefined, '\x1f'],
    ['nothing at all', [], 'gzip', ''],
  ])('%s is read', async (_what, chunks, encoding, text) => {
    const { source, isOpen } = sourceOf(chunks);
    expect(await textOf(source, encoding)).toBe(text);
    expect(isOpen()).toBe(false);
  });

  test.each<[what: string, chunks: Buffer[], encoding: string | undefined]>([
    ['gzip that is broken', [BROKEN, ...Array.from({ length: 50 }, () => Buffer.alloc(65_536))], undefined],
    ['gzip that is cut off', cut(gzipSync(LONG).subarray(0, 200), 100), undefined],
    ['gzip that is none', [Buffer.from('{}'), Buffer.from('{}')], 'gzip'],
    ['deflate that is none', [Buffer.from('{}'), Buffer.from('{}')], 'deflate'],
  ])('%s breaks the stream, and its source is let go of', async (_what, chunks, encoding) => {
    const { source, isOpen } = sourceOf(chunks);
    await expect(textOf(source, encoding)).rejects.toThrow(BrokenStream);
    await new Promise(setImmediate);
    expect(isOpen()).toBe(false);
  });

  test.each([
    ['gzip', [gzipSync(LONG), gzipSync(LONG)]],
    ['nothing compressed', [Buffer.from('a'), Buffer.from('b')]],
  ])('a reader of %s who leaves lets go of the source', async (_what, chunks) => {
    const { source, isOpen } = sourceOf(chunks);
    for await (const _ of decompressed(source)) break;
    await new Promise(setImmediate);
    expect(isOpen()).toBe(false);
  });

  test("an error of the source's own stays what it is", async () => {
    async function* failing(): AsyncGenerator<Turn> {
      yield [gzipSync(LONG).subarray(0, 100)];
      throw new Error('gone');
    }
    await expect(textOf(failing())).rejects.toThrow('gone');
  });
});
