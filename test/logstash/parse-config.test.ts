import { describe, expect, test } from 'vitest';
import { plainValue, pluginsOf } from '../../scripts/logstash/config.ts';
import { parseConfig } from '../../scripts/logstash/parse-config.ts';

describe("Logstash's configuration language is read", () => {
  test('with values of every type', () => {
    const { sections } = parseConfig(`
      # a comment
      input { "s3" { # another, with "quotes" and { braces
        text => "double 'quoted'" other => 'single "quoted"'
        number => -5.5 port => 5044 word => true
        list => ["a", 'b', 3, [ "c" ]] empty => []
        hash => { "k" => "v" 7 => { inner => [1] } word => "x" }
        codec => json { charset => "UTF-8" }
        variable => "\${NAME:http://127.0.0.1:8080}/path"
        lines => '{ "query": {
          "a": 1 } }'
      } }`);
    const [plugin] = pluginsOf(sections[0]?.body ?? []);
    const values = Object.fromEntries(
      plugin?.attributes.map(({ name, value }) => [name, plainValue(value)]) ?? [],
    );
    expect(plugin?.name).toBe('s3');
    expect(values).toEqual({
      text: "double 'quoted'",
      other: 'single "quoted"',
      number: -5.5,
      port: 5044,
      word: 'true',
      list: ['a', 'b', 3, ['c']],
      empty: [],
      hash: { k: 'v', 7: { inner: [1] }, word: 'x' },
      codec: 'json',
      variable: `\${NAME:http://127.0.0.1:8080}/path`,
      lines: '{ "query": {\n          "a": 1 } }',
    });
  });

  test('with several sections, in their order', () => {
    const { sections } = parseConfig('output { stdout { } } input { beats { port => 1 } } output { }');
    expect(sections.map(({ kind, line }) => [kind, line])).toEqual([
      ['output', 1],
      ['input', 1],
      ['output', 1],
    ]);
  });

  test('with conditions, nested, and every else', () => {
    const { sections } = parseConfig(`filter {
      if [a][b] and ![c] and "x" in [tags] { mutate { id => "1" } }
      else if ([n] >= 5 or [s] != "y") and [m] =~ /^a\\/b/ { if [z] not in ["p", "q"] { mutate { id => "2" } } }
      else { mutate { id => "3" } }
    }`);
    const [branch] = sections[0]?.body ?? [];
    if (branch?.type !== 'branch') return expect.fail('no branch');
    expect(branch.cases.map(({ condition }) => condition?.type)).toEqual(['all', 'all', undefined]);
    expect(branch.cases[1]?.condition).toMatchObject({
      of: [
        { type: 'any', of: [{ operator: '>=' }, { operator: '!=', right: { value: { text: 'y' } } }] },
        { operator: '=~', right: { type: 'pattern', source: '^a\\/b' } },
      ],
    });
    expect(pluginsOf(branch.cases[1]?.body ?? [])).toHaveLength(1);
    expect(pluginsOf([branch])).toHaveLength(3);
  });

  test('a plugin may have the name of a word of the language', () => {
    const { sections } = parseConfig('filter { iffy { } input { } }');
    expect(pluginsOf(sections[0]?.body ?? []).map(({ name }) => name)).toEqual(['iffy', 'input']);
  });

  test('hostile text is refused without hanging', () => {
    for (const text of [
      'filter {'.repeat(1000),
      `filter { a { b => ${'['.repeat(1000)}`,
      '"'.repeat(10_001),
      '#',
    ])
      expect(() => {
        if (parseConfig(text).sections.length === 0) throw new Error('nothing');
      }).toThrow();
  });
});
