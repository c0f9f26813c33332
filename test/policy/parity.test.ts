import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const shared = `${root}../shared/cloudsplaining/`;
const definition = `${shared}iam-definition.json.gz`;

function lastLine(script: string, ...args: readonly string[]): string {
  const output = execFileSync(process.execPath, [`${root}scripts/${script}`, ...args], { encoding: 'utf8' });
  return output.trimEnd().split('\n').at(-1) ?? '';
}

/** What Cloudsplaining itself answered lies beside the project, where it is at all. */
describe.skipIf(!existsSync(definition))("parity with Cloudsplaining's own answers", () => {
  test.each([
    ['oracle.jsonl.gz', [], '1439 of 1439 identical'],
    ['oracle.flagall.jsonl.gz', ['--flag-all'], '658 of 658 identical'],
    ['oracle.trust.jsonl.gz', [], '249 of 249 identical'],
    ['oracle.errors.jsonl', [], '8 of 8 identical'],
  ])('%s: every answer is the same', (oracle, flags, expected) => {
    expect(lastLine('parity.ts', `${shared}${oracle}`, definition, ...flags)).toBe(expected);
  });

  test("with the product's own tables only AWS's data make a difference", () => {
    expect(lastLine('parity-differences.ts', `${shared}oracle.jsonl.gz`, definition)).toMatch(
      / 0 differences not explained by AWS data$/,
    );
  });
});
