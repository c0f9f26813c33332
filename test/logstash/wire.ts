import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Captures of the real http filter lie beside the project, where they are at all. */
const DIRECTORY = fileURLToPath(new URL('../../../shared/wire/', import.meta.url));

export const hasWire = existsSync(DIRECTORY);

export interface CapturedRequest {
  readonly head: readonly string[];
  readonly body: string;
  /** What was sent, in a word: the parameter `c` of the captured URL. */
  readonly form: string;
}

export function capturedRequests(name: 'body' | 'shapes' | 'status'): CapturedRequest[] {
  return readFileSync(`${DIRECTORY}${name}.raw.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { ev: string; head: string[]; body: string })
    .filter(({ ev }) => ev === 'req')
    .map(({ head, body }) => ({ head, body, form: /[?&]c=(\w+)/.exec(head[0] ?? '')?.[1] ?? '' }));
}

/** The events that came out of the captured pipeline. */
export function capturedEvents(name: 'shapes' | 'status'): { [field: string]: unknown }[] {
  return readFileSync(`${DIRECTORY}${name}.out.ndjson`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { [field: string]: unknown });
}
