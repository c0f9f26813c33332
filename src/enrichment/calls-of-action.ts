import { identifyAction } from '../action/identify-action.ts';
import { parseRecord } from '../event/parse-record.ts';
import type { IamAction } from '../tables/action-table.ts';
import type { ThreatEntry } from '../tables/ecs-threat.ts';
import type { Tables } from '../tables/tables.ts';

/** A call that ATT&CK was decided for, as CloudTrail names it. */
export interface CallOfAction {
  readonly eventSource: string;
  readonly eventName: string;
  readonly threat: ThreatEntry;
}

const byTables = new WeakMap<Tables, ReadonlyMap<string, readonly CallOfAction[]>>();

/**
 * The decided calls that IAM checks against an action, the one that bears its name first: `s3:ListAllMyBuckets` is
 * ListBuckets, `cloudwatch:DeleteAlarms` comes from monitoring.amazonaws.com. Found once for each set of tables.
 */
export function callsOfAction(action: IamAction, tables: Tables): readonly CallOfAction[] {
  let known = byTables.get(tables);
  if (known === undefined) {
    known = collect(tables);
    byTables.set(tables, known);
  }
  const calls = known.get(action.id) ?? [];
  return calls.toSorted((a, b) => Number(b.eventName === action.name) - Number(a.eventName === action.name));
}

function collect(tables: Tables): ReadonlyMap<string, readonly CallOfAction[]> {
  const calls = new Map<string, CallOfAction[]>();
  for (const [eventSource, eventName, threat] of tables.threats.decided()) {
    const action = calledAction(eventSource, eventName, tables);
    if (action === undefined) continue;
    const known = calls.get(action.id) ?? [];
    known.push({ eventSource, eventName, threat });
    calls.set(action.id, known);
  }
  return calls;
}

function calledAction(eventSource: string, eventName: string, tables: Tables): IamAction | undefined {
  const parsed = parseRecord({ eventType: 'AwsApiCall', eventSource, eventName });
  return parsed.ok ? identifyAction(parsed.record, tables).actions[0] : undefined;
}
