import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** Some 140 records, as many as the service takes at a time (docs/decisions/0013). */
const CHUNK_BYTES = 256 * 1024;
/** Between them a turn of the event loop, for the progress bar. */
const CHUNKS_A_TURN = 4;

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
