import { readFileSync } from 'node:fs';
import { DATA_DIRECTORY } from './data-directory.ts';

/**
 * The facts (data/facts) and decisions (data/curated) that scripts and tests read; the service reads what is
 * generated from them.
 */
export interface Tactic {
  readonly id: string;
  readonly name: string;
}

export interface Technique {
  readonly id: string;
  readonly name: string;
  readonly tactics: readonly string[];
  readonly url: string;
  /** Whether ATT&CK lists IaaS among the technique's platforms. */
  readonly iaas: boolean;
  readonly state: 'active' | 'revoked' | 'deprecated';
  readonly revokedBy?: string;
}

/** One published rule's word on one call; the v19 id is empty where the rule names no technique that lives on. */
export type AttackFact = readonly [
  eventSource: string,
  eventName: string,
  source: string,
  sourceId: string,
  publishedTechnique: string,
  publishedTactic: string,
  techniqueV19: string,
];

/** One decision of data/curated/attack-events.json. */
export interface AttackDecision {
  readonly eventSource: string;
  readonly eventName: string;
  readonly techniques: readonly { readonly technique: string; readonly tactics: readonly string[] }[];
  readonly reason: string;
}

/** A published list's word on one IAM action; `combo` are the actions that are needed together, if several. */
export type RiskFact = readonly [
  action: string,
  category: string,
  source: string,
  sourceId: string,
  combo: readonly string[],
];

/** One API call of a module of Pacu. */
export type PacuCall = readonly [
  module: string,
  category: string,
  eventSource: string,
  eventName: string,
  mutating: boolean,
  dataEvent: boolean,
];

export const ATTACK_VERSION = '19';
export const ATTACK_DATE = '2026-08-06';
export const ATTACK_LICENCE =
  'ATT&CK Terms of Use: © 2026 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.';

export function readFact<T>(name: string): T {
  return readData<T>(`facts/${name}`);
}

export function readCurated<T>(name: string): T {
  return readData<T>(`curated/${name}`);
}

function readData<T>(path: string): T {
  return JSON.parse(readFileSync(`${DATA_DIRECTORY}/${path}.json`, 'utf8')) as T;
}
