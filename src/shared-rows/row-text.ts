/**
 * How a row stands on the server: `1:k3v9q0w2:29880000:[...]`, that is the version of the encoding, the tag of this
 * very write, the minute of the service's clock until which it is kept (0: as long as possible), and the body. A
 * release reads the versions before its own. Version and tag come first in every version: they tell whether a row is
 * still the one that was read, so that a row that is the same need not be sent again.
 */
const VERSION = 1;
const TAG_LENGTH = 8;

export interface RowText {
  /** `1:k3v9q0w2:` */
  readonly head: string;
  /** Undefined for what is no row, or one of a newer release: this one neither reads nor replaces it. */
  readonly content: RowContent | undefined;
}

export interface RowContent {
  /** Minutes since the epoch. */
  readonly keepUntil: number;
  readonly body: string;
}

export function newHead(): string {
  const tag = Math.floor(Math.random() * 36 ** TAG_LENGTH).toString(36);
  return `${VERSION}:${tag.padStart(TAG_LENGTH, '0')}:`;
}

export function writeRowText(head: string, keepUntil: number, body: string): string {
  return `${head}${keepUntil}:${body}`;
}

export function readRowText(text: string): RowText {
  const first = text.indexOf(':');
  const second = text.indexOf(':', first + 1);
  const third = text.indexOf(':', second + 1);
  const head = text.slice(0, second + 1);
  const version = Number(text.slice(0, first));
  const keepUntil = Number(text.slice(second + 1, third));
  const isReadable = first > 0 && second > first && third > second && Number.isFinite(keepUntil);
  if (!isReadable || !Number.isInteger(version) || version < 1 || version > VERSION)
    return { head, content: undefined };
  return { head, content: { keepUntil, body: text.slice(third + 1) } };
}
