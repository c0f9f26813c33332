import { type JsonObject, textAt } from '../event/json.ts';

/**
 * Records come with strings of any length, and what is kept of them is kept for days. AWS's own are shorter: ids have
 * 36 characters, ARNs seldom 200, CloudTrail cuts a user agent itself.
 */
const LONGEST_ID = 128;
const LONGEST_NAME = 512;
const LONGEST_ARN = 2048;

export function storedId<Text extends string | undefined>(text: Text): Text {
  return cut(text, LONGEST_ID);
}

export function storedName<Text extends string | undefined>(text: Text): Text {
  return cut(text, LONGEST_NAME);
}

/** An ARN, where it has a length that AWS allows: longer ones are not worth taking apart. */
export function arnAt(object: JsonObject | undefined, key: string): string | undefined {
  const text = textAt(object, key);
  return text !== undefined && text.length <= LONGEST_ARN ? text : undefined;
}

function cut<Text extends string | undefined>(text: Text, longest: number): Text {
  return text === undefined || text.length <= longest ? text : (ownCopy(text.slice(0, longest)) as Text);
}

/**
 * For a text that is kept. V8 has a part of a string as a reference to the whole, which a copy lets go; and one that
 * was put together as a tree of its pieces, which is walked each time it is written.
 */
export function ownCopy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
