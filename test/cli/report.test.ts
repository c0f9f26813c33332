import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const scenario = fileURLToPath(new URL('../../examples/scenarios/pacu.ndjson', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'detrails-report-'));
const page = join(directory, 'report.html');
afterAll(() => rmSync(directory, { recursive: true }));

function report(args: readonly string[], input = ''): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [cli, 'report', ...args], { input, encoding: 'utf8' });
}

/** Events of which the page says that nothing is known about their origin. */
const unknownOrigin = (): number =>
  Number(/<strong>(\d+)<\/strong> of unknown origin/.exec(readFileSync(page, 'utf8'))?.[1]);

describe('detrails report', () => {
  test('reads files twice, so that an issuance that was delivered late is known to all', () => {
    const { status, stderr } = report([scenario, '--html', page]);
    expect([status, stderr]).toEqual([0, expect.stringContaining('0 failed')]);
    const twice = unknownOrigin();
    const events = readFileSync(scenario, 'utf8');
    expect(report(['-', '--html', page], events).status).toBe(0);
    expect(unknownOrigin()).toBeGreaterThan(twice + 5);
  });

  test('takes what enrich has merged, and counts what is no CloudTrail', () => {
    const merged = join(directory, 'merged.ndjson');
    const [line = ''] = readFileSync(scenario, 'utf8').split('\n');
    writeFileSync(merged, `${line.slice(0, -1)},"detrails":{"risk":{"score":100}}}\n{"not":"CloudTrail"}\n`);
    const { status, stderr } = report([merged, '--html', page]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('1 events in 1 files, 1 failed')]);
    expect(readFileSync(page, 'utf8')).not.toContain('100 critical');
  });

  test('says once which file cannot be read, and reads the others', () => {
    const { status, stderr } = report([scenario, '/proc/self/mem', '--html', page]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^\/proc\/self\/mem: EIO\n\d+ events in 2 files, 1 failed: .*\n$/),
    ]);
  });

  test('says what is not there, and that it needs a name for the page', () => {
    expect(report([join(directory, 'nothing'), '--html', page])).toMatchObject({ status: 2 });
    expect(report([scenario]).status).toBe(2);
  });

  test.each([
    ['in a directory that is not there', join(directory, 'nowhere', 'page.html'), 'ENOENT'],
    ['with the name of a directory', directory, 'EISDIR'],
    ['below a file', join(scenario, 'page.html'), 'ENOTDIR'],
  ])('says before it reads anything that no page can be written %s', (_name, place, reason) => {
    const { status, stderr } = report([directory, '--html', place]);
    expect([status, stderr]).toEqual([2, expect.stringMatching(new RegExp(`^${place}: (${reason})\n$`))]);
  });

  test.each([
    ['the file that it reads', [0], 0],
    ['another file of CloudTrail', [1], 0],
  ])('does not replace %s', (_name, inputs, out) => {
    const files = ['one.json', 'two.json'].map((name) => join(directory, name));
    for (const file of files) writeFileSync(file, '{"Records":[]}');
    const place = files[out] as string;
    const { status, stderr } = report([...inputs.map((i) => files[i] as string), '--html', place]);
    expect([status, stderr]).toEqual([2, `${place}: is there and is no HTML page: not replaced\n`]);
    expect(readFileSync(place, 'utf8')).toBe('{"Records":[]}');
  });

  test('replaces a page of its own', () => {
    for (let i = 0; i < 2; i++) expect(report([scenario, '--html', page]).status).toBe(0);
  });

  test('says in one line that the page could not be written after all', () => {
    const { status, stderr } = report([scenario, '--html', '/dev/full']);
    expect([status, stderr]).toEqual([2, '/dev/full: ENOSPC\n']);
  });
});
