import { HOSTILE_VALUES } from './hostile-values.ts';
import type { Random } from './random.ts';

type Holder = Record<string, unknown>;

/** The text of a record, changed in one to three places: in what it says, in how it is wrapped, or in its bytes. */
export function mutate(text: string, other: string, random: Random): Buffer {
  let value: unknown = JSON.parse(text);
  for (let i = random.below(3); i >= 0; i--) value = mutateValue(value, other, random);
  if (random.below(4) === 0) value = wrap(value, random);
  const mutated = JSON.stringify(value) ?? '';
  return random.below(4) === 0 ? mutateText(mutated, random) : Buffer.from(mutated);
}

function mutateValue(value: unknown, other: string, random: Random): unknown {
  const holders = holdersIn(value);
  if (holders.length === 0) return random.of(HOSTILE_VALUES)();
  const holder = random.of(holders);
  const key = random.of(Object.keys(holder));
  switch (random.below(6)) {
    case 0:
      delete holder[key];
      break;
    case 1:
      holder[random.of(['__proto__x', 'constructor', 'prototype', 'toString', '', 'a.b', `${key}s`])] =
        holder[key];
      break;
    case 2: {
      const donors = holdersIn(JSON.parse(other));
      const donor = donors.length === 0 ? {} : random.of(donors);
      // A list takes no `length` from outside.
      if (!Array.isArray(holder)) Object.assign(holder, donor);
      break;
    }
    case 3:
      holder[key] = JSON.stringify(holder[key]);
      break;
    default:
      holder[key] = random.of(HOSTILE_VALUES)();
  }
  return value;
}

/** Every object and list in a value that is not empty; the first ones found, of very large values. */
function holdersIn(value: unknown): Holder[] {
  const found: Holder[] = [];
  const open: unknown[] = [value];
  while (open.length > 0 && found.length < 200) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const values = Object.values(next);
    if (values.length === 0) continue;
    found.push(next as Holder);
    open.push(...values.slice(0, 100));
  }
  return found;
}

function wrap(value: unknown, random: Random): unknown {
  const wraps: readonly (() => unknown)[] = [
    () => ({ Records: [value] }),
    () => ({ Records: [value, value] }),
    () => ({ message: JSON.stringify(value) }),
    () => ({ message: JSON.stringify(JSON.stringify(value)) }),
    () => ({ detail: value, 'detail-type': 'AWS API Call via CloudTrail' }),
    () => ({ event: { original: JSON.stringify(value) } }),
    () => ({ '@timestamp': 'x', json: value, tags: ['_jsonparsefailure'] }),
    () => ({ data: Buffer.from(JSON.stringify(value) ?? '').toString('base64') }),
    () => JSON.stringify(value),
    () => [value],
  ];
  return random.of(wraps)();
}

function mutateText(text: string, random: Random): Buffer {
  const at = random.below(text.length + 1);
  const insert = (inserted: string) => Buffer.from(text.slice(0, at) + inserted + text.slice(at));
  switch (random.below(9)) {
    case 0:
      return Buffer.from(text.slice(0, at));
    case 1: {
      const bytes = Buffer.from(text);
      if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    }
    case 2:
      return Buffer.from(text.replace('{', '{"eventName":"Twice","eventName":"AssumeRole",'));
    case 3:
      return Buffer.from(text.replace(/:\d+/, ':1e400'));
    case 4:
      return Buffer.from(text.replace(/:(?:true|false|null)/, ':-0'));
    case 5:
      return insert('\u0000');
    case 6:
      return insert(random.of(['\\ud800', '\\u0000', '"', '}', '[', '\n', '\r\n', ',,', '\u2028']));
    case 7:
      return Buffer.concat([
        Buffer.from(text.slice(0, at)),
        Buffer.from([0xc3, 0x28, 0xff, 0xfe]),
        Buffer.from(text.slice(at)),
      ]);
    default:
      return Buffer.from(`\ufeff${text}`);
  }
}
