import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** A test or a group, and its name; of one that is made of cases, the name behind these. */
const OPENING = /\b(test|describe)\b(?:\.\w+)*\(|\)\(\s*(?=['"`])/g;
const NAME = /\s*(['"`])((?:(?!\1).)+)\1/y;

/** A row of a table of cases, one a line or the first of its lines, and what it begins with. */
const ROW = /(?:^|each\()\s*\[+\s*(['"`])((?:(?!\1).)+)\1/gm;

/**
 * The names of the tests in a text: what a failing run shows behind the name of their group. Where that begins with
 * what a case is called, the names of the cases that the text lists.
 */
function namesOf(text: string): string[] {
  let kind = '';
  let from = 0;
  return [...text.matchAll(OPENING)].flatMap(({ 0: opening, 1: word, index }) => {
    kind = word ?? kind;
    if (word !== undefined) from = index;
    NAME.lastIndex = index + opening.length;
    const name = NAME.exec(text)?.[2];
    if (kind !== 'test' || name === undefined) return [];
    return name.startsWith('%s') ? [name, ...rowsOf(text.slice(from, index))] : [name];
  });
}

function rowsOf(table: string): string[] {
  return [...table.matchAll(ROW)].map(({ 2: name = '' }) => name);
}

/** What the cases of a file are called, which is a list of them or an object with several. */
function namesOfCases(text: string): string[] {
  const content: unknown = JSON.parse(text);
  const lists: unknown[] = Array.isArray(content) ? [content] : Object.values(content as object);
  const cases = lists.filter((list) => Array.isArray(list)).flat() as readonly Record<string, unknown>[];
  return cases.flatMap(({ name, says, call }) => {
    if (typeof name === 'string') return [name];
    // Behind its call, which it is said of, a name may begin with where that is made.
    return typeof says === 'string' && typeof call === 'string' ? [says.replace(/^in\b/, '')] : [];
  });
}

/** Words that go on with the sentence of the test before, or hang on a group that is no sentence. */
const needsNeighbour = (name: string) =>
  /^(?:and|or|nor|but|also|in|whether|so (?:is|has|does)|as (?:is|has|does))\b/i.test(name);

describe('the name of a test', () => {
  test('says what it is about without the test before it', () => {
    const names = globSync('test/**/*.ts').flatMap((file) =>
      namesOf(readFileSync(file, 'utf8')).map((name) => ({ file, name })),
    );
    expect(names.length).toBeGreaterThan(1200);
    expect(names.filter(({ name }) => needsNeighbour(name))).toEqual([]);
  });

  test('says so of a case in a file too', () => {
    const names = globSync(['test/**/*.cases.json', 'test/**/cases/*.json']).flatMap((file) =>
      namesOfCases(readFileSync(file, 'utf8')).map((name) => ({ file, name })),
    );
    expect(names.length).toBeGreaterThan(2000);
    expect(names.filter(({ name }) => needsNeighbour(name))).toEqual([]);
  });

  test.each([
    [`test('is read', () => {`, ['is read']],
    [`test.each([[1, ['a']]])('%s is read', () => {`, ['%s is read']],
    [`test.each(cases)(\n  'is read',\n  () => {`, ['is read']],
    [
      `test.each([\n  ['one', 1],\n  [\n    'two',\n    2,\n  ],\n])('%s is read', () => {`,
      ['%s is read', 'one', 'two'],
    ],
    [`test.each([\n  ['one', 1],\n])('is read: %s', () => {`, ['is read: %s']],
    [`test.skipIf(no)("is read", () => {`, ['is read']],
    [`describe.each(zones)('of %s', () => {\n  test('is read', () => {`, ['is read']],
  ])('is found in %j', (text, names) => {
    expect(namesOf(text)).toEqual(names);
  });

  test.each(['orders are read', 'android is told', 'input is kept', 'one in use stays'])(
    'may be: %s',
    (name) => {
      expect(needsNeighbour(name)).toBe(false);
    },
  );
});
