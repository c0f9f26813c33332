import { identifyAction } from '../../src/action/identify-action.ts';
import { parseRecord } from '../../src/event/parse-record.ts';
import type { ThreatEntry } from '../../src/tables/ecs-threat.ts';
import type { CallRisk } from '../../src/tables/risk-table.ts';
import { tables } from '../shipped-tables.ts';

export interface KnownCall {
  readonly actions: readonly string[];
  readonly mapping: string;
  readonly threat: ThreatEntry | undefined;
  readonly risk: CallRisk;
}

/** What the tables say of a call, by the way that an event takes. */
export function knownCall(
  eventSource: string,
  eventName: string,
  requestParameters: unknown = null,
): KnownCall {
  const parsed = parseRecord({
    eventVersion: '1.11',
    eventTime: '2026-03-02T10:00:00Z',
    eventSource,
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '192.0.2.10',
    userIdentity: { type: 'IAMUser', userName: 'dev-intern', accountId: '111122223333' },
    requestParameters,
  });
  if (!parsed.ok) throw new Error(`${eventName} is no record`);
  const { actions, mapping } = identifyAction(parsed.record, tables);
  const ids = actions.map((action) => action.id);
  return {
    actions: ids,
    mapping,
    threat: tables.calls.find(eventSource, eventName).threat,
    risk: tables.risks.ofCall(actions, eventName),
  };
}
