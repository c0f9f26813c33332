import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arrayAt, isObject, type JsonObject, objectAt, own, textAt } from '../../src/event/json.ts';
import type { SearchNode } from './search-node.ts';

const ENGINE = fileURLToPath(new URL('../../elastic/engine/', import.meta.url));

interface Correlation {
  readonly type: 'event_count' | 'value_count';
  readonly 'group-by': readonly string[];
  readonly timespan: string;
  readonly condition: { readonly gte: number; readonly field?: string };
}

export interface Detection {
  readonly rule: string;
  readonly title: string;
  readonly level: string;
  /** In Lucene's language, as pySigma converts it. */
  readonly query: string;
  readonly correlation: Correlation | null;
  /** In Splunk's language, with the names of elastic/splunk-pipeline.yml. */
  readonly splunk: readonly string[];
}

export function convertedDetections(): readonly Detection[] {
  const lines = execFileSync(
    join(ENGINE, 'target', 'venv', 'bin', 'python'),
    ['convert_rules.py', '../detections'],
    {
      cwd: ENGINE,
      encoding: 'utf8',
    },
  );
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Detection);
}

/** An alert: the events that it is about. */
export type Alert = readonly string[];

/** The alerts that a rule gives on an index: one for each event, or for each burst of a correlation. */
export async function alertsOf(
  node: SearchNode,
  index: string,
  detection: Detection,
): Promise<readonly Alert[]> {
  const answer = await node.ask('POST', `/${index}/_search`, {
    size: 10_000,
    query: { query_string: { query: detection.query, analyze_wildcard: true } },
    sort: [{ '@timestamp': { order: 'asc', unmapped_type: 'date' } }],
  });
  const hits = (arrayAt(objectAt(answer, 'hits'), 'hits') ?? []).filter(isObject);
  const { correlation } = detection;
  return correlation === null ? hits.map((hit) => [textAt(hit, '_id') ?? '']) : bursts(hits, correlation);
}

/** What Sigma's correlations mean: enough events, or enough different values, of one group within a time. */
function bursts(hits: readonly JsonObject[], correlation: Correlation): readonly Alert[] {
  const groups = new Map<string, JsonObject[]>();
  for (const hit of hits) {
    const names = correlation['group-by'].map((field) => String(fieldAt(hit, field) ?? ''));
    if (names.includes('')) continue;
    const key = names.join('\n');
    groups.set(key, [...(groups.get(key) ?? []), hit]);
  }
  return [...groups.values()].flatMap((group) => burstsOfGroup(group, correlation));
}

function burstsOfGroup(group: readonly JsonObject[], correlation: Correlation): readonly Alert[] {
  const span = minutes(correlation.timespan) * 60_000;
  const alerts: Alert[] = [];
  let start = 0;
  for (let end = 0; end < group.length; end++) {
    while (timeOf(group[end]) - timeOf(group[start]) > span) start++;
    const window = group.slice(start, end + 1);
    if (sizeOf(window, correlation) < correlation.condition.gte) continue;
    alerts.push(
      group
        .slice(start)
        .filter((hit) => timeOf(hit) - timeOf(group[start]) <= span)
        .map((hit) => textAt(hit, '_id') ?? ''),
    );
    // The next burst begins after this one.
    const until = timeOf(group[start]) + span;
    while (end + 1 < group.length && timeOf(group[end + 1]) <= until) end++;
    start = end + 1;
  }
  return alerts;
}

function sizeOf(window: readonly JsonObject[], { type, condition }: Correlation): number {
  if (type === 'event_count') return window.length;
  return new Set(window.map((hit) => fieldAt(hit, condition.field ?? ''))).size;
}

function minutes(timespan: string): number {
  const match = /^(\d+)m$/.exec(timespan);
  if (match === null) throw new Error(`a time span in minutes is expected, not ${timespan}`);
  return Number(match[1]);
}

function timeOf(hit: JsonObject | undefined): number {
  return Date.parse(String(fieldAt(hit, '@timestamp') ?? ''));
}

function fieldAt(hit: JsonObject | undefined, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isObject(value) ? own(value, name) : undefined),
      objectAt(hit, '_source'),
    );
}
