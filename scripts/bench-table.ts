import { isMet, type Measure, ratioOf } from '../bench/measure.ts';

/** What `npm run bench` writes to bench/results.json. */
export interface BenchResults {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly measures: readonly Measure[];
}

const BEGIN = '<!-- made of results.json by `node scripts/refresh-bench-table.ts` -->';
const END = '<!-- end of it -->';

/** bench/README.md with the table of the last run in its place. Throws where the place is not marked. */
export function withBenchTable(page: string, results: BenchResults): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error('bench/README.md has no place for the table');
  return `${page.slice(0, begin)}${BEGIN}\n${benchTable(results)}\n${page.slice(end)}`;
}

function benchTable({ date, node, machine, measures }: BenchResults): string {
  return [
    `${date}, ${machine}, Node ${node}:`,
    '',
    '| what | unit | ours | theirs | ratio | promise |',
    '|---|---|---|---|---|---|',
    ...measures.map(rowOf),
  ].join('\n');
}

function rowOf(measure: Measure): string {
  const { what, unit, ours, theirs } = measure;
  const ratio = ratioOf(measure);
  const name = what.startsWith(' ') ? `... ${what.trim().replace(/^\.\.\. /, '')}` : what;
  const cells = [
    name,
    unit,
    figure(ours),
    figure(theirs),
    ratio === undefined ? '' : ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2),
    promiseOf(measure),
  ];
  return `| ${cells.join(' | ')} |`;
}

function figure(value: number | undefined): string {
  return value?.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 }) ?? '';
}

function promiseOf(measure: Measure): string {
  const { atLeast, atMost } = measure;
  if (atLeast === undefined && atMost === undefined) return '';
  const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return isMet(measure) ? bound : `${bound}, **missed**`;
}
