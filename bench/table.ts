import { figureText, type Measure, promiseText, ratioOf } from './measure.ts';
import type { BenchRun } from './results.ts';

const BEGIN = '<!-- made of results.json by `node bench/refresh-table.ts` -->';
const END = '<!-- end of it -->';

/** bench/README.md with the tables of the last runs in their place. Throws where the place is not marked. */
export function withBenchTable(page: string, runs: readonly BenchRun[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error('bench/README.md has no place for the tables');
  return `${page.slice(0, begin)}${BEGIN}\n${benchTables(runs)}\n${page.slice(end)}`;
}

/** A table for each day and machine. */
function benchTables(runs: readonly BenchRun[]): string {
  const tables = Map.groupBy(runs, ({ date, machine, node }) => `${date}, ${machine}, Node ${node}:`);
  return [...tables]
    .map(([caption, alike]) => [
      caption,
      '',
      '| what | unit | ours | theirs | ratio | promise |',
      '|---|---|---|---|---|---|',
      ...alike.flatMap(({ measures }) => measures).map(rowOf),
    ])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function rowOf(measure: Measure): string {
  const { what, unit, ours, theirs } = measure;
  const ratio = ratioOf(measure);
  const name = what.startsWith(' ') ? `... ${what.trim().replace(/^\.\.\. /, '')}` : what;
  const cells = [
    name,
    unit,
    figureText(ours),
    figureText(theirs),
    ratio === undefined ? '' : ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2),
    promiseText(measure, ', **missed**'),
  ];
  return `| ${cells.join(' | ')} |`;
}
