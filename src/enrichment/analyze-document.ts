import { type Problem, problem } from '../errors.ts';
import { analyzeCloudsplaining } from '../policy/cloudsplaining/analyze-cloudsplaining.ts';
import { analyzeCloudsplainingTrust } from '../policy/cloudsplaining/analyze-cloudsplaining-trust.ts';
import { parseDocument } from '../policy/document/parse-policy.ts';
import { misplacedPrincipals } from '../policy/document/policy-document.ts';
import type { PolicyAnalyzer } from '../policy/policy-analyzer.ts';
import type { PolicyAnalysis } from '../policy/policy-findings.ts';
import type { PolicyKind } from '../tables/policy-events.ts';
import type { PolicyMode } from '../tables/policy-tables.ts';
import {
  composeCloudsplaining,
  composeCloudsplainingTrust,
  composeEffectiveAnalysis,
} from './compose-policy-analysis.ts';

export interface AnalysisRequest {
  /** The document, as an object or as JSON text. */
  readonly policy: unknown;
  readonly kind: PolicyKind;
  readonly mode: PolicyMode;
  /** The account that the policy lies in; without it every account that is named counts as another one. */
  readonly account?: string | undefined;
}

type Analysis = ReturnType<typeof composeEffectiveAnalysis> | ReturnType<typeof composeCloudsplaining>;

export type AnalyzedDocument =
  | {
      readonly ok: true;
      readonly analysis: Analysis;
      /** The same before it was put into the answer's names; mode `effective` only. */
      readonly findings: PolicyAnalysis | undefined;
      readonly problems: readonly Problem[];
    }
  | { readonly ok: false; readonly problem: Problem };

/**
 * What one policy allows, on demand, with every action listed. What has no statement is no policy: to find nothing in
 * it would say that it is harmless. Cloudsplaining does find nothing in it, and knows no resource policies.
 */
export function analyzeDocument(
  { policy, kind, mode, account }: AnalysisRequest,
  analyzer: PolicyAnalyzer,
): AnalyzedDocument {
  const parsed = parseDocument({ value: policy, path: 'policy' });
  if ('problem' in parsed) return { ok: false, problem: parsed.problem };
  if ('nothing' in parsed) return { ok: false, problem: invalid() };
  if (mode === 'cloudsplaining') return asCloudsplaining(parsed.document, kind, account, analyzer);
  if (!Object.hasOwn(parsed.document, 'Statement'))
    return { ok: false, problem: problem('policy_invalid', 'policy.Statement') };
  const { summary, problems } = analyzer.analyze(parsed.document, kind, { path: 'policy', account });
  const [first = invalid()] = problems;
  if (summary === undefined) return { ok: false, problem: first };
  return {
    ok: true,
    analysis: composeEffectiveAnalysis(summary.analysis),
    findings: summary.analysis,
    problems:
      kind === 'identity' ? [...problems, ...misplacedPrincipals(parsed.document, 'policy')] : problems,
  };
}

function asCloudsplaining(
  document: unknown,
  kind: PolicyKind,
  account: string | undefined,
  analyzer: PolicyAnalyzer,
): AnalyzedDocument {
  const { severity, computeServices } = analyzer.tables.policies.cloudsplaining;
  if (kind === 'trust') {
    const trust = analyzeCloudsplainingTrust(document, {
      currentAccountId: account,
      knownAccounts: [],
      computeServices,
    });
    if ('code' in trust) return unreadable(trust, kind, account, analyzer);
    return {
      ok: true,
      analysis: composeCloudsplainingTrust(trust, severity),
      findings: undefined,
      problems: [],
    };
  }
  const findings = analyzeCloudsplaining(document, analyzer.cloudsplaining);
  if ('code' in findings) {
    // Nothing is known of it, and empty lists would say that nothing was found.
    const refused = findings.code === 'policy_too_complex';
    if (refused) return { ok: false, problem: problem(findings.code, 'policy') };
    return unreadable(findings, kind, account, analyzer);
  }
  return { ok: true, analysis: composeCloudsplaining(findings, severity), findings: undefined, problems: [] };
}

/** Where Cloudsplaining stops with an error there are no findings, and a problem that says why, as in the other mode. */
function unreadable(
  found: Problem,
  kind: PolicyKind,
  account: string | undefined,
  analyzer: PolicyAnalyzer,
): AnalyzedDocument {
  const nothing = asCloudsplaining({ Statement: [] }, kind, account, analyzer);
  return nothing.ok ? { ...nothing, problems: [found] } : nothing;
}

function invalid(): Problem {
  return problem('policy_invalid', 'policy');
}
