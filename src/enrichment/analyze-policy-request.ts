import type { Static } from 'typebox';
import type { Problem } from '../errors.ts';
import { analyzeCloudsplaining } from '../policy/cloudsplaining/analyze-cloudsplaining.ts';
import { analyzeCloudsplainingTrust } from '../policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import { parseDocument } from '../policy/parse-policy.ts';
import type { PolicyAnalyzer } from '../policy/policy-analyzer.ts';
import type { PolicyKind } from '../tables/policy-events.ts';
import type { PolicyMode } from '../tables/policy-tables.ts';
import {
  composeCloudsplaining,
  composeCloudsplainingTrust,
  composeEffectiveAnalysis,
} from './compose-policy-analysis.ts';
import type { DeepReadonly } from './enrichment.ts';
import type { CloudsplainingAnalysisSchema, PolicyAnalysisSchema } from './policy-schema.ts';

/** The body of POST /policies/analyze, and what `detrails policy FILE` reads. */
export interface PolicyRequest {
  /** A document as an object, as JSON text, or URL-encoded. */
  readonly policy: unknown;
  readonly kind?: PolicyKind | undefined;
  readonly mode?: PolicyMode | undefined;
  /** The account the policy lies in: without it, every account that is named counts as another one. */
  readonly account?: string | undefined;
}

export type PolicyAnalysisAnswer = DeepReadonly<
  Static<typeof PolicyAnalysisSchema> | Static<typeof CloudsplainingAnalysisSchema>
>;

export interface AnalyzedRequest {
  /** Absent where the document cannot be read; the problems say why. */
  readonly analysis: PolicyAnalysisAnswer | undefined;
  readonly problems: readonly Problem[];
}

/** The whole analysis of one document, no list cut short. Cloudsplaining has no findings for resource policies. */
export function analyzePolicyRequest(request: PolicyRequest, analyzer: PolicyAnalyzer): AnalyzedRequest {
  const parsed = parseDocument({ path: 'policy', value: request.policy });
  if ('problem' in parsed) return { analysis: undefined, problems: [parsed.problem] };
  if ('nothing' in parsed) return { analysis: undefined, problems: [] };
  const kind = request.kind ?? 'identity';
  if (request.mode === 'cloudsplaining')
    return asCloudsplaining(parsed.document, kind, request.account, analyzer);
  const { summary, problems } = analyzer.analyze(parsed.document, kind, {
    account: request.account,
    path: 'policy',
  });
  return { analysis: summary && composeEffectiveAnalysis(summary.analysis), problems };
}

function asCloudsplaining(
  document: unknown,
  kind: PolicyKind,
  account: string | undefined,
  analyzer: PolicyAnalyzer,
): AnalyzedRequest {
  const { severity, computeServices } = analyzer.tables.policies.cloudsplaining;
  if (kind === 'trust') {
    const trust = analyzeCloudsplainingTrust(document, {
      currentAccountId: account,
      knownAccounts: [],
      computeServices,
    });
    return 'code' in trust
      ? failed(trust)
      : { analysis: composeCloudsplainingTrust(trust, severity), problems: [] };
  }
  const findings = analyzeCloudsplaining(document, analyzer.cloudsplaining);
  return 'code' in findings
    ? failed(findings)
    : { analysis: composeCloudsplaining(findings, severity), problems: [] };
}

function failed(problem: Problem): AnalyzedRequest {
  const path = problem.path === '' ? 'policy' : `policy.${problem.path}`;
  return { analysis: undefined, problems: [{ ...problem, path }] };
}
