import { LRUCache } from 'lru-cache';
import type { JsonObject } from '../event/json.ts';
import { type ManagedPolicies, managedName } from '../tables/managed-policies.ts';
import type { PolicyKind } from '../tables/policy-events.ts';
import type { Tables } from '../tables/tables.ts';
import { AnalyzedDocuments } from './analyzed-documents.ts';
import { CloudsplainingData } from './cloudsplaining/cloudsplaining-data.ts';
import { type AnalysisOptions, type AnalyzedPolicy, analyzePolicy } from './effective/analyze-policy.ts';
import { EffectiveData } from './effective/effective-data.ts';
import { MOST_NAMED } from './policy-findings.ts';
import type { PolicySummary } from './policy-summary.ts';

/** The policies that AWS manages and that one organization attaches are few. */
const MOST_MANAGED_SUMMARIES = 200;

/** Analyses policies with one set of tables: made anew whenever they are loaded. */
export class PolicyAnalyzer {
  readonly effective: EffectiveData;
  readonly tables: Tables;
  /** The documents of events. */
  readonly documents = new AnalyzedDocuments((document, { kind, account, prefixes, path }) =>
    this.analyze(document, kind, { account, prefixes, path, mostActions: MOST_NAMED }),
  );
  readonly #managed: ManagedPolicies;
  readonly #summaries = new LRUCache<string, ManagedSummary>({ max: MOST_MANAGED_SUMMARIES });
  #cloudsplaining: CloudsplainingData | undefined;

  constructor(tables: Tables) {
    this.tables = tables;
    this.effective = new EffectiveData(tables.actions, tables.policies, tables.risks);
    this.#managed = tables.managedPolicies;
  }

  /** Made when it is first asked for: /enrich never needs it. */
  get cloudsplaining(): CloudsplainingData {
    this.#cloudsplaining ??= new CloudsplainingData(this.tables.actions, this.tables.policies);
    return this.#cloudsplaining;
  }

  analyze(document: JsonObject, kind: PolicyKind, options: AnalysisOptions = {}): AnalyzedPolicy {
    return analyzePolicy(document, kind, this.effective, options);
  }

  /** What a policy that AWS manages allows, in its latest version; `undefined` for any other policy. */
  managed(arn: string): ManagedSummary | undefined {
    const name = managedName(arn);
    if (name === undefined) return undefined;
    const known = this.#summaries.get(name);
    if (known !== undefined) return known;
    const policy = this.#managed.find(arn);
    if (policy === undefined) return undefined;
    const { summary } = this.analyze(policy.document, 'identity', { mostActions: MOST_NAMED });
    if (summary === undefined) return undefined;
    const found = { versionId: policy.versionId, summary };
    this.#summaries.set(name, found);
    return found;
  }
}

export interface ManagedSummary {
  readonly versionId: string;
  readonly summary: PolicySummary;
}
