import { type Static, Type } from '../json-schema.ts';
import { ACCESS_LEVELS } from '../tables/action-table.ts';
import { RISK_CATEGORIES, RISK_LEVELS } from '../tables/risk-table.ts';
import type { Tables } from '../tables/tables.ts';
import { THREAT_BASES } from '../tables/threat-table.ts';
import { callsOfAction } from './calls-of-action.ts';
import type { DeepReadonly } from './enrichment.ts';
import { MitreSchema, ThreatSchema } from './enrichment.ts';

const optional = Type.Optional;

/** What the tables say of an IAM action, and where each statement comes from. */
export const ActionDescriptionSchema = Type.Object(
  {
    iam: Type.String({ description: 'The action as IAM spells it' }),
    service: Type.String({ description: 'IAM service prefix' }),
    name: Type.String({ description: 'Name of the action' }),
    access_level: Type.Enum([...ACCESS_LEVELS], { description: "AWS's access level" }),
    resource_types: Type.Array(Type.String(), { description: 'Empty where only * is accepted' }),
    risk: optional(
      Type.Object(
        {
          categories: Type.Array(Type.Enum([...RISK_CATEGORIES]), { description: 'Kinds of harm' }),
          level: Type.Enum([...RISK_LEVELS], { description: 'Of the action alone' }),
          methods: Type.Array(Type.String(), { description: 'Escalation methods that it is part of' }),
          reason: Type.String({ description: 'Why it has that level' }),
        },
        { additionalProperties: false, description: 'What harm the action can do' },
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
    threat_reason: optional(Type.String({ description: 'Why the call has these techniques, or none' })),
    events: optional(
      Type.Array(Type.String(), {
        description: 'Calls that ATT&CK was decided for and that need this action: eventSource:eventName',
        examples: [['monitoring.amazonaws.com:DeleteAlarms']],
      }),
    ),
    sources: Type.Array(
      Type.Object(
        {
          table: Type.String({ description: 'Table of data/ that says so' }),
          source: Type.String({ description: 'Where the table has it from' }),
          version: Type.String({ description: 'Version of that source' }),
          date: Type.String({ description: 'Date of that source, YYYY-MM-DD' }),
          licence: Type.String({ description: 'Licence of that source' }),
        },
        { additionalProperties: false },
      ),
      { description: 'Where each statement comes from' },
    ),
  },
  { additionalProperties: false, title: 'ActionDescription' },
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
    ...(threat?.threat && { threat: threat.threat }),
    ...(threat?.mitre && { mitre: threat.mitre }),
    ...(threat && { threat_basis: threat.basis, threat_reason: threat.reason }),
    sources: tables.sources
      .filter(({ table }) => DESCRIBING_TABLES.has(table))
      .map(({ table, source, version, date, licence }) => ({ table, source, version, date, licence })),
  };
}

const DESCRIBING_TABLES = new Set(['actions', 'attack-events', 'risk-actions', 'escalation-methods']);
