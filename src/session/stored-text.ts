/**
 * Records come with strings of any length, and what is kept of them is kept for days. AWS's own are shorter: ids have
 * 36 characters, ARNs seldom 200, CloudTrail cuts a user agent itself.
 */
const LONGEST_ID = 128;
const LONGEST_NAME = 512;

export function storedId<Text extends string | undefined>(text: Text): Text {
  return cut(text, LONGEST_ID);
}

export function storedName<Text extends string | undefined>(text: Text): Text {
  return cut(text, LONGEST_NAME);
}

function cut<Text extends string | undefined>(text: Text, longest: number): Text {
  return text === undefined || text.length <= longest ? text : (ownCopy(text.slice(0, longest)) as Text);
}

/** V8 keeps a part of a string as a reference to the whole: a copy lets the whole go. */
export function ownCopy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
