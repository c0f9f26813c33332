import { type Static, Type } from '../json-schema.ts';
import { ACCESS_LEVELS } from '../tables/action-table.ts';
import { THREAT_BASES } from '../tables/ecs-threat.ts';
import { RISK_CATEGORIES, RISK_LEVELS } from '../tables/risk-table.ts';
import type { Tables } from '../tables/tables.ts';
import { callsOfAction } from './calls-of-action.ts';
import type { DeepReadonly } from './enrichment.ts';
import { MitreSchema, ThreatSchema } from './enrichment.ts';
import { object, optional, text, texts } from './schema-words.ts';

/** What the tables say of an IAM action, and where each statement comes from. */
export const ActionDescriptionSchema = object(
  {
    iam: text('The action as IAM spells it'),
    service: text('IAM service prefix'),
    name: text('Name of the action'),
    access_level: Type.Enum([...ACCESS_LEVELS], { description: "AWS's access level" }),
    resource_types: texts('Empty where only * is accepted'),
    risk: optional(
      object(
        {
          categories: Type.Array(Type.Enum([...RISK_CATEGORIES]), { description: 'Kinds of harm' }),
          level: Type.Enum([...RISK_LEVELS], { description: 'Of the action alone' }),
          methods: texts('Escalation methods that it is part of'),
          reason: text('Why it has that level'),
        },
        'What harm the action can do',
      ),
    ),
    threat: optional(ThreatSchema),
    mitre: optional(MitreSchema),
    threat_basis: optional(
      Type.Enum([...THREAT_BASES], {
        description: 'What the techniques rest on',
        examples: ['sources'],
      }),
    ),
    threat_reason: optional(text('Why the call has these techniques, or none')),
    events: optional(
      Type.Array(Type.String(), {
        description: 'Calls that ATT&CK was decided for and that need this action: eventSource:eventName',
        examples: [['monitoring.amazonaws.com:DeleteAlarms']],
      }),
    ),
    sources: Type.Array(
      object({
        table: text('Table of data/ that says so'),
        source: text('Where the table has it from'),
        version: text('Version of that source'),
        date: text('Date of that source, YYYY-MM-DD'),
        licence: text('Licence of that source'),
      }),
      { description: 'Where each statement comes from' },
    ),
  },
  { title: 'ActionDescription' },
);

export type ActionDescription = DeepReadonly<Static<typeof ActionDescriptionSchema>>;

/** The row of one action, found without regard to case; undefined where AWS documents no such action. */
export function describeAction(service: string, name: string, tables: Tables): ActionDescription | undefined {
  const action = tables.actions.find(service, name);
  if (action === undefined) return undefined;
  const risk = tables.risks.of(action);
  const calls = callsOfAction(action, tables);
  const threat = calls[0]?.threat ?? tables.threats.find(`${action.service}.amazonaws.com`, action.name);
  return {
    iam: action.id,
    service: action.service,
    name: action.name,
    access_level: action.accessLevel,
    resource_types: action.resourceTypes,
    risk: { categories: risk.categories, level: risk.level, methods: risk.methods, reason: risk.reason },
    ...(calls.length > 0 && { events: calls.map((call) => `${call.eventSource}:${call.eventName}`) }),
    ...threat?.ecs,
    ...(threat && { threat_basis: threat.basis, threat_reason: threat.reason }),
    sources: tables.sources
      .filter(({ table }) => DESCRIBING_TABLES.has(table))
      .map(({ table, source, version, date, licence }) => ({ table, source, version, date, licence })),
  };
}

const DESCRIBING_TABLES = new Set(['actions', 'attack-events', 'risk-actions', 'escalation-methods']);
