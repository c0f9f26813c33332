import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** A test or a group, and its name; of one that is made of cases, the name behind these. */
const OPENING = /\b(test|describe)\b(?:\.\w+)*\(|\)\(\s*(?=['"`])/g;
const NAME = /\s*(['"`])((?:(?!\1).)+)\1/y;

/** The names of the tests in a text: what a failing run shows behind the name of their group. */
function namesOf(text: string): string[] {
  let kind = '';
  return [...text.matchAll(OPENING)].flatMap(({ 0: opening, 1: word, index }) => {
    kind = word ?? kind;
    NAME.lastIndex = index + opening.length;
    const name = NAME.exec(text)?.[2];
    return kind === 'test' && name !== undefined ? [name] : [];
  });
}

/** Words that go on with the sentence of the test before, or hang on a group that is no sentence. */
const needsNeighbour = (name: string) => /^(?:and|or|but|also|in|whether)\b/i.test(name);

describe('the name of a test', () => {
  test('says what it is about without the test before it', () => {
    const names = globSync('test/**/*.ts').flatMap((file) =>
      namesOf(readFileSync(file, 'utf8')).map((name) => ({ file, name })),
    );
    expect(names.length).toBeGreaterThan(800);
    expect(names.filter(({ name }) => needsNeighbour(name))).toEqual([]);
  });

  test.each([
    [`test('is read', () => {`, ['is read']],
    [`test.each([[1, ['a']]])('%s is read', () => {`, ['%s is read']],
    [`test.each(cases)(\n  'is read',\n  () => {`, ['is read']],
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
