import { getHeapStatistics } from 'node:v8';

/** Of the heap, for a session used from several addresses; others take two thirds of it (docs/decisions/0014). */
const SESSION_BYTES = 1_200;

/** Tables, and what events leave behind between two collections. */
const BASE_BYTES = 120e6;

const MEBIBYTE = 2 ** 20;

/**
 * Says so where as many sessions as may be remembered could need more than V8 lets this process have: it would end in
 * the middle of the work, and again while it restores its snapshot. V8 takes half of the memory of the machine or the
 * container, and no more than 2 GiB, or 4 GiB on machines with 16 GiB and more (V8's Heap::HeapSizeFromPhysicalMemory).
 * @param limitBytes of V8's heap
 */
export function heapWarning(
  sessionMax: number,
  limitBytes = getHeapStatistics().heap_size_limit,
): string | undefined {
  const needed = BASE_BYTES + sessionMax * SESSION_BYTES;
  if (needed <= limitBytes) return undefined;
  const [mebibytes, given] = [needed, limitBytes].map((bytes) => Math.ceil(bytes / MEBIBYTE));
  return `DETRAILS_SESSION_MAX=${sessionMax} can need a heap of ${mebibytes} MiB, and Node gives this process ${given}: set NODE_OPTIONS=--max-old-space-size=${mebibytes}, and the memory of the container half as much again`;
}
