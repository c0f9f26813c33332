/** Markup that may stand in the page as it is; everything else is escaped on its way in. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Insert = Markup | string | number | undefined | readonly Insert[];

/** A template whose inserts are escaped, except Markup; a list is joined, and `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  let text = strings[0] as string;
  for (const [index, insert] of inserts.entries()) text += textOf(insert) + (strings[index + 1] as string);
  return new Markup(text);
}

function textOf(insert: Insert): string {
  if (insert === undefined) return '';
  if (insert instanceof Markup) return insert.text;
  if (typeof insert === 'number') return String(insert);
  return typeof insert === 'string' ? escapeHtml(insert) : insert.map(textOf).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return plainText(text).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

/**
 * CloudTrail's names are written by whoever makes the call: characters that cannot be seen, or that turn the direction
 * of the text around them, are shown as what they are, something that is not text.
 */
export function plainText(text: string): string {
  return text.replaceAll(UNSEEN, '\ufffd');
}

const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of bounded length: a name or a user agent of a megabyte stays one line of the page. */
export function short(text: string, length = 120): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** The same, cut in the middle: names of one make begin alike, and differ at their ends. */
export function shortName(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor(length / 2) - 1;
  return `${text.slice(0, length - end - 1)}…${text.slice(-end)}`;
}
