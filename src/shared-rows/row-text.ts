/**
 * How a row stands on the server: `1:29880000:[...]`, that is the version of the encoding, the minute of the service's
 * clock until which it is kept (0: as long as possible), and the body. A release reads the versions before its own.
 */
const VERSION = 1;

export interface RowText {
  readonly version: number;
  /** Minutes since the epoch. */
  readonly keepUntil: number;
  readonly body: string;
}

export function writeRowText(keepUntil: number, body: string): string {
  return `${VERSION}:${keepUntil}:${body}`;
}

/** Undefined for what is no row, or one of a newer release: this one neither reads nor replaces it. */
export function readRowText(text: string): RowText | undefined {
  const first = text.indexOf(':');
  const second = text.indexOf(':', first + 1);
  if (first < 1 || second === -1) return undefined;
  const version = Number(text.slice(0, first));
  const keepUntil = Number(text.slice(first + 1, second));
  if (!Number.isInteger(version) || version < 1 || version > VERSION || !Number.isFinite(keepUntil))
    return undefined;
  return { version, keepUntil, body: text.slice(second + 1) };
}
