import { styleText } from 'node:util';
import type { Enrichment } from '../../src/enrichment/enrichment.ts';
import { objectAt, textAt } from '../../src/event/json.ts';
import { chainNames, principalName } from '../../src/report/event-facts.ts';
import { isAtLeast } from '../../src/tables/risk-table.ts';
import type { Told } from '../scenarios/run-scenario.ts';

/** The lines of a timeline that a person reads from top to bottom; a run of quiet calls is told in one line. */
export function timeline(told: readonly Told[]): readonly string[] {
  const lines: string[] = [styleText('bold', columns(HEAD))];
  for (const run of runsOf(told.toSorted(byTime))) {
    const [first, ...rest] = run as [Told, ...Told[]];
    lines.push(row(first), ...remarks(first));
    if (rest.length > 0) lines.push(summary(rest));
  }
  if (told.some((one) => one.isSecondAnswer)) lines.push(FOOTNOTE);
  return lines;
}

/** The techniques of an event, each once. */
function techniquesOf(answer: Enrichment): readonly string[] {
  return [...new Set((answer.mitre ?? []).map((pair) => pair.technique_id))];
}

const WIDTHS = [9, 46, 34, 12, 22] as const;
const FOOTNOTE =
  '* asked again: the record that issued its credentials was delivered after it, as CloudTrail often does';
const HEAD = ['time', 'who', 'action', 'access', 'technique', 'risk'];

function byTime(a: Told, b: Told): number {
  return timeOf(a) < timeOf(b) ? -1 : 1;
}

const timeOf = ({ event }: Told): string => textAt(event.record, 'eventTime') ?? '';

/** Quiet neighbours of one principal belong together from the fourth on. */
function runsOf(told: readonly Told[]): readonly (readonly Told[])[] {
  const runs: Told[][] = [];
  for (const one of told) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    const joins = before !== undefined && isQuiet(one) && isQuiet(before) && who(one) === who(before);
    if (joins) last?.push(one);
    else runs.push([one]);
  }
  return runs.flatMap((run) => (run.length > 3 ? [run] : run.map((one) => [one])));
}

function isQuiet({ answer }: Told): boolean {
  return answer.risk.score < 40 && !answer.source_check?.anomalous && answer.policy === undefined;
}

function row(one: Told): string {
  const { answer, event } = one;
  const name = answer.action.iam?.join(' + ') ?? String(event.record['eventName']);
  const outcome = answer.action.outcome === 'success' ? '' : ` (${answer.action.outcome})`;
  const cells = [
    `${timeOf(one).slice(11, 19)}${one.isSecondAnswer ? '*' : ''}`,
    who(one),
    name + outcome,
    answer.action.access_level?.split(' ')[0] ?? '-',
    techniquesOf(answer).join(' ') || '-',
    `${String(answer.risk.score).padStart(3)} ${answer.risk.level}`,
  ];
  return styleText(COLOURS[answer.risk.level], columns(cells));
}

const COLOURS = {
  none: 'dim',
  low: 'reset',
  medium: 'yellow',
  high: 'red',
  critical: ['bold', 'red'],
} as const satisfies Record<string, Parameters<typeof styleText>[0]>;

function columns(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cut(cell, (WIDTHS[index] ?? 14) - 1).padEnd(WIDTHS[index] ?? 0))
    .join('')
    .trimEnd();
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** From the root of the chain to who calls. */
function who({ answer, event }: Told): string {
  const identity = objectAt(event.record, 'userIdentity');
  const caller =
    textAt(identity, 'arn') ?? textAt(identity, 'invokedBy') ?? textAt(identity, 'principalId') ?? '?';
  const names = [...chainNames(answer), caller].map(principalName);
  return names.filter((name, index) => name !== names[index - 1]).join(' > ');
}

function remarks(one: Told): readonly string[] {
  const { answer } = one;
  const lines: string[] = [];
  const { policy } = answer;
  if (policy !== undefined) lines.push(`policy: ${policySentence(policy)}`);
  const check = answer.source_check;
  if (check?.anomalous) {
    const places = check.compared && ` (${check.compared.against} -> ${check.compared.ip})`;
    lines.push(`source: ${check.verdict}${places ?? ''}`);
  }
  if (answer.issued?.access_key_id !== undefined) {
    const count = answer.issued.pending_count;
    const waited = count > 0 ? `, used before by ${count} event(s): asked again` : '';
    lines.push(`hands out ${answer.issued.access_key_id}${waited}`);
  }
  if (isAtLeast(answer.risk.level, 'high')) lines.push(...answer.risk.reasons.slice(0, 2));
  return lines.map((line) => styleText('dim', `${' '.repeat(11)}${line}`));
}

function policySentence(policy: NonNullable<Enrichment['policy']>): string {
  const { external_accounts = [], categories = [] } = policy;
  const facts = [
    policy.admin && 'allows everything',
    policy.public && 'lets everyone in',
    external_accounts.length > 0 && `lets in ${external_accounts.join(', ')}`,
    policy.self_grant && 'the caller gains',
    !policy.effective_now && 'not in force',
    !policy.analysed && 'its content was not seen',
    ...categories,
  ].filter((fact) => typeof fact === 'string');
  return facts.length === 0 ? 'nothing found' : facts.join(', ');
}

function summary(rest: readonly Told[]): string {
  const denied = rest.filter(({ answer }) => answer.action.outcome === 'denied').length;
  const regions = new Set(rest.map(({ event }) => event.record['awsRegion']));
  const names = [...new Set(rest.map(({ event }) => String(event.record['eventName'])))];
  const until = timeOf(rest.at(-1) as Told).slice(11, 19);
  const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, ${names.length - 5} more` : ''}`;
  const line = `until ${until}: ${rest.length} quiet calls more (${shown}), ${denied} denied, ${regions.size} region(s)`;
  return styleText('dim', `${' '.repeat(11)}${line}`);
}
