/** One line of the table: a figure of ours, what it is held against in the same run, and what is promised. */
export interface Measure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** Of the peer or the limit, in the same unit and the same run; left out where only the figure counts. */
  readonly theirs?: number;
  /** Of ours to theirs, or where there is no peer the figure itself: at least this much. */
  readonly atLeast?: number;
  /** The same: at most this much. */
  readonly atMost?: number;
}

export function ratioOf({ ours, theirs }: Measure): number | undefined {
  return theirs === undefined ? undefined : ours / theirs;
}

export function isMet(measure: Measure): boolean {
  const value = ratioOf(measure) ?? measure.ours;
  return (
    value >= (measure.atLeast ?? Number.NEGATIVE_INFINITY) &&
    value <= (measure.atMost ?? Number.POSITIVE_INFINITY)
  );
}

/** Prints the table; a promise that is not kept makes the process end with 1. */
export function tell(measures: readonly Measure[]): void {
  const wide = Math.max(...measures.map(({ what }) => what.length), 10);
  console.log(
    `${'what'.padEnd(wide)} ${'unit'.padEnd(9)} ${'ours'.padStart(10)} ${'theirs'.padStart(10)}  ratio  promise`,
  );
  for (const measure of measures) {
    const { what, unit, ours, theirs } = measure;
    const ratio = ratioOf(measure)?.toFixed(2) ?? '';
    const figures = [ours, theirs].map((value) => figureText(value).padStart(10)).join(' ');
    console.log(
      `${what.padEnd(wide)} ${unit.padEnd(9)} ${figures} ${ratio.padStart(6)}  ${promiseText(measure, ': MISSED')}`,
    );
  }
  if (!measures.every(isMet)) process.exitCode = 1;
}

/** Ours and theirs by turns, so that what else the machine does meets both; the medians of one figure of the rounds. */
export async function takeTurns<Round extends object>(
  pairs: number,
  ours: () => Promise<Round>,
  theirs: () => Promise<Round>,
): Promise<(figure: keyof Round) => { ours: number; theirs: number }> {
  return mediansOf(await rounds(pairs, ours, theirs));
}

export type RoundPair<Round> = readonly [ours: Round, theirs: Round];

export async function rounds<Round>(
  pairs: number,
  ours: () => Promise<Round>,
  theirs: () => Promise<Round>,
): Promise<RoundPair<Round>[]> {
  const done: RoundPair<Round>[] = [];
  for (let pair = 0; pair < pairs; pair++) done.push([await ours(), await theirs()]);
  return done;
}

export function mediansOf<Round extends object>(
  rounds: readonly RoundPair<Round>[],
): (figure: keyof Round) => { ours: number; theirs: number } {
  return (figure) => ({
    ours: median(rounds.map(([one]) => Number(one[figure]))),
    theirs: median(rounds.map(([, other]) => Number(other[figure]))),
  });
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Empty where there is none. */
export function figureText(value: number | undefined): string {
  return value?.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 }) ?? '';
}

/** Empty where nothing is promised. */
export function promiseText(measure: Measure, missed: string): string {
  const { atLeast, atMost } = measure;
  if (atLeast === undefined && atMost === undefined) return '';
  const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return isMet(measure) ? bound : `${bound}${missed}`;
}
