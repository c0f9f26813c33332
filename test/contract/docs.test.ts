import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { FILE_SETTINGS } from '../../src/config.ts';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { PROBLEMS, REFUSALS } from '../../src/errors.ts';
import { MAX_DEPTH, MAX_KEYS } from '../../src/event/json-limits.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { LONGEST_DOCUMENT } from '../../src/policy/document/parse-policy.ts';
import { Settings } from '../../src/settings.ts';
import { loadTables } from '../../src/tables/load-tables.ts';
import { TableSchemas } from '../../src/tables/table-schemas.ts';
import { testService } from '../service.ts';

const service = testService();
const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');

/** The first cell of every row of every table in a document, where it is code. */
function codesOf(document: string): string[] {
  return [...document.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '').sort();
}

/** Whether a document has the heading that a link names: GitHub makes the anchor of its text. */
function hasHeading(file: string, hash: string): boolean {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  const anchors = [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  return anchors.includes(hash.slice(1));
}

describe('the documentation is true', () => {
  test('docs/errors.md has every code of the catalogue, and no other', () => {
    expect(codesOf(read('docs/errors.md'))).toEqual(
      [...Object.keys(REFUSALS), ...Object.keys(PROBLEMS)].sort(),
    );
    for (const [code, { status }] of Object.entries(REFUSALS)) {
      expect(read('docs/errors.md')).toContain(`| \`${code}\` | ${status} |`);
    }
  });

  test('the catalogue names the limits that hold', () => {
    expect(REFUSALS.too_deep.title).toContain(` ${MAX_DEPTH} levels`);
    expect(REFUSALS.too_many_keys.title).toContain(` ${MAX_KEYS.toLocaleString('en-US')} keys`);
    expect(PROBLEMS.policy_too_large).toContain(` ${LONGEST_DOCUMENT / 1024} KiB`);
  });

  test('docs/operations.md has every setting, with its default and its meaning', () => {
    const operations = read('docs/operations.md');
    const settings = codesOf(operations).filter((code) => code.startsWith('DETRAILS_'));
    expect(settings).toEqual(
      Object.keys(Settings.properties)
        .map((name) => `DETRAILS_${name}`)
        .sort(),
    );
    for (const [name, schema] of Object.entries(Settings.properties)) {
      const { default: value, description } = schema as { default?: unknown; description?: string };
      const shown = value === '' ? '' : `\`${value}\``;
      const begin = `| \`DETRAILS_${name}\` | ${shown}${shown === '' ? '' : ' '}| `;
      const [meaning = ''] = operations.split(begin)[1]?.split('\n') ?? [];
      // The page may go on where a setting has more to it.
      const said = description?.replace(/\.$/, '');
      expect(meaning.replaceAll('`', '').slice(0, said?.length)).toBe(said);
    }
  });

  test('docs/operations.md says which settings a command that reads files has', () => {
    const [sentence = ''] = /The commands `detrails enrich`[^.]*\./.exec(read('docs/operations.md')) ?? [];
    const named = [...sentence.matchAll(/DETRAILS_(\w+)/g)].map(([, name]) => name);
    expect(named).toEqual([...FILE_SETTINGS]);
  });

  test('docs/metrics.md has every metric of the service, and no other', async () => {
    const metrics = await new Metrics('test').registry.getMetricsAsJSON();
    const own = metrics.map(({ name }) => name).filter((name) => name.startsWith('detrails_'));
    expect(codesOf(read('docs/metrics.md'))).toEqual(own.sort());
  });

  test('data/README.md names every table, and no other', () => {
    const rows = read('data/README.md').matchAll(/^\| (curated|generated)\/([^|]+) \|/gm);
    const named = [...rows].flatMap(([, kind, names = '']) =>
      names.split(', ').map((name) => `${kind}/${name}`),
    );
    const there = ['curated', 'generated'].flatMap((kind) =>
      readdirSync(`${root}data/${kind}`).map((file) => `${kind}/${file.replace(/\.[a-z]+$/, '')}`),
    );
    expect(named.sort()).toEqual(there.sort());
  });

  test('data/README.md says which tables of decisions the service reads', () => {
    const reading = vi.spyOn(TableSchemas.prototype, 'read');
    loadTables(`${root}data`);
    const curated = reading.mock.calls.filter(([kind]) => kind === 'curated').map(([, table]) => table);
    reading.mockRestore();
    const rows = [...read('data/README.md').matchAll(/^\| curated\/([^|]+) \|.*\| (yes|no) \|$/gm)];
    const said = rows.flatMap(([, names = '', answer]) => (answer === 'yes' ? names.split(', ') : []));
    expect(said.sort()).toEqual(curated.sort());
  });

  test('every link between documents leads somewhere', () => {
    const documents = [
      'README.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'data/README.md',
      'logstash-pipelines/README.md',
      'elastic/README.md',
      'bench/README.md',
      'deploy/kubernetes/README.md',
    ].filter((path) => existsSync(root + path));
    for (const name of readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.md')) documents.push(`docs/${name}`);
    }
    const broken: string[] = [];
    for (const path of documents) {
      for (const [, target = ''] of read(path).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const resolved = new URL(target, new URL(path, `file://${root}`));
        const file = fileURLToPath(resolved);
        const isThere = existsSync(file) && (resolved.hash === '' || hasHeading(file, resolved.hash));
        if (!isThere) broken.push(`${path}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('the README shows what its curl is answered, and the event that it sends', async () => {
    const readme = read('README.md');
    const [, file = ''] = /--data-binary @(\S+)/.exec(readme) ?? [];
    const response = await service.app.inject({ method: 'POST', url: '/enrich', payload: read(file) });
    const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(response.json()).toMatchObject(JSON.parse(shown));
  });

  describe('the attack that the README tells', () => {
    const readme = read('README.md');
    const [, file = '', count = ''] = /enrich (\S+\.ndjson) \|[\s\S]*?tail -n (\d+)/.exec(readme) ?? [];
    const records = read(file).trim().split('\n');
    const answers: Enrichment[] = [];
    // One after the other: each is answered from what those before it taught.
    const own = testService();
    beforeAll(async () => {
      for (const payload of records) {
        const response = await own.app.inject({ method: 'POST', url: '/enrich', payload });
        answers.push(response.json());
      }
    });

    test('ends with the lines that are shown', () => {
      const lines = answers.map(({ risk, action, source_check, origin }) =>
        [risk.score, action.iam?.[0], source_check?.verdict, origin?.root?.arn ?? '-'].join('\t'),
      );
      const [, shown = ''] = /```text\n([\s\S]*?)\n```/.exec(readme) ?? [];
      expect(shown.split('\n')).toEqual(lines.slice(-Number(count)));
    });

    test('has the event that the reader is pointed at, with the answer that is shown', () => {
      const [, name = '', shown = ''] = /Look at `(\w+)`[\s\S]*?```json\n([\s\S]*?)```/.exec(readme) ?? [];
      const index = records.findIndex((record) => JSON.parse(record).eventName === name);
      expect(answers[index]).toMatchObject(JSON.parse(shown));
    });
  });

  test('the README is short enough to be read', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(180);
  });
});
