import type { Comparison, Condition } from './config.ts';
import { ConfigSyntaxError, type Cursor, expect, skipSpace, take, takePattern, takeWord } from './cursor.ts';
import { parseValue } from './parse-value.ts';

const JOINTS = [
  ['and', 'all'],
  ['or', 'any'],
  ['xor', 'one'],
  ['nand', 'not_all'],
] as const;

const COMPARISONS: readonly Comparison[] = ['==', '!=', '<=', '>=', '=~', '!~', '<', '>'];
const SELECTOR = /(?:\[[^\][,]+\])+/y;
const PATTERN = /\/(?:\\\/|[^/\n])*\//y;

/**
 * A condition. Different joints side by side are refused: which of them binds first is not to be guessed at, so
 * parentheses must say.
 */
export function parseCondition(cursor: Cursor): Condition {
  let condition = parseTerm(cursor);
  let first: string | undefined;
  for (let joint = takeJoint(cursor); joint !== undefined; joint = takeJoint(cursor)) {
    first ??= joint;
    if (joint !== first) throw new ConfigSyntaxError(cursor, 'parentheses between different operators');
    condition = { type: joint, of: [condition, parseTerm(cursor)] };
  }
  return condition;
}

function takeJoint(cursor: Cursor): (typeof JOINTS)[number][1] | undefined {
  return JOINTS.find(([word]) => takeWord(cursor, word))?.[1];
}

function parseTerm(cursor: Cursor): Condition {
  skipSpace(cursor);
  if (cursor.text.startsWith('!', cursor.at) && !/^![=~]/.test(cursor.text.slice(cursor.at, cursor.at + 2))) {
    cursor.at++;
    return { type: 'not', of: parseNegated(cursor) };
  }
  if (take(cursor, '(')) {
    const inner = parseCondition(cursor);
    expect(cursor, ')');
    return inner;
  }
  const left = parseOperand(cursor);
  const operator = takeComparison(cursor);
  if (operator === undefined) return left;
  return { type: 'compare', operator, left, right: parseOperand(cursor) };
}

/** What `!` may stand before: a field or parentheses, and nothing else. */
function parseNegated(cursor: Cursor): Condition {
  if (take(cursor, '(')) {
    const inner = parseCondition(cursor);
    expect(cursor, ')');
    return inner;
  }
  const reference = takePattern(cursor, SELECTOR);
  if (reference === undefined) throw new ConfigSyntaxError(cursor, 'a field or ( after !');
  return { type: 'field', reference };
}

function takeComparison(cursor: Cursor): Comparison | undefined {
  const mark = COMPARISONS.find((operator) => take(cursor, operator));
  if (mark !== undefined) return mark;
  if (takeWord(cursor, 'in')) return 'in';
  if (!takeWord(cursor, 'not')) return undefined;
  if (!takeWord(cursor, 'in')) throw new ConfigSyntaxError(cursor, 'in');
  return 'not in';
}

function parseOperand(cursor: Cursor): Condition {
  skipSpace(cursor);
  const reference = takePattern(cursor, SELECTOR);
  if (reference !== undefined) {
    // The grammar tries a field first, and takes ["one"] for the field of that name.
    if (/["']/.test(reference))
      throw new ConfigSyntaxError(cursor, 'no list of one, which is read as a field,');
    return { type: 'field', reference };
  }
  const pattern = takePattern(cursor, PATTERN);
  if (pattern !== undefined) return { type: 'pattern', source: pattern.slice(1, -1) };
  return { type: 'literal', value: parseValue(cursor) };
}
