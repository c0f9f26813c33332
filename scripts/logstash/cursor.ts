/** Where the reading of a configuration stands. */
export interface Cursor {
  readonly text: string;
  at: number;
}

export class ConfigSyntaxError extends Error {
  readonly line: number;
  constructor(cursor: Cursor, expected: string) {
    const line = lineOf(cursor);
    const found = cursor.text.slice(cursor.at).split('\n', 1)[0]?.slice(0, 30) ?? '';
    super(`line ${line}: expected ${expected}, found ${found === '' ? 'the end' : found}`);
    this.line = line;
  }
}

export function lineOf(cursor: Cursor): number {
  return cursor.text.slice(0, cursor.at).split('\n').length;
}

const SPACE_AND_COMMENTS = /(?:\s+|#[^\n]*)*/y;

export function skipSpace(cursor: Cursor): void {
  takePattern(cursor, SPACE_AND_COMMENTS);
}

/** The text that a sticky pattern matches here, and steps over it; undefined where it does not match. */
export function takePattern(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

/** Steps over a mark and the space before it, if it comes next. */
export function take(cursor: Cursor, mark: string): boolean {
  skipSpace(cursor);
  if (!cursor.text.startsWith(mark, cursor.at)) return false;
  cursor.at += mark.length;
  return true;
}

export function expect(cursor: Cursor, mark: string): void {
  if (!take(cursor, mark)) throw new ConfigSyntaxError(cursor, mark);
}

/** A word of the language, which ends where a name would end. */
export function takeWord(cursor: Cursor, word: string): boolean {
  skipSpace(cursor);
  if (!cursor.text.startsWith(word, cursor.at)) return false;
  if (/[A-Za-z0-9_-]/.test(cursor.text.charAt(cursor.at + word.length))) return false;
  cursor.at += word.length;
  return true;
}
