import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** Some hundred records: less is more turns for the same bytes, more leaves the processor's caches. */
const CHUNK_BYTES = 128 * 1024;
/** Between them a turn of the event loop, for the progress bar. */
const CHUNKS_A_TURN = 8;

/**
 * The bytes of a file. They are read by the thread that enriches them, which has nothing else to do: handed over from
 * Node's pool of threads, each chunk costs two changes of thread and comes from another processor's cache, a
 * twentieth of the whole time (docs/decisions/0007). Throws the error of the file system.
 */
export async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (let count = 1; ; count++) {
      const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      const bytes = readSync(file, chunk);
      if (bytes === 0) return;
      yield chunk.subarray(0, bytes);
      if (count % CHUNKS_A_TURN === 0) await setImmediate();
    }
  } finally {
    closeSync(file);
  }
}
