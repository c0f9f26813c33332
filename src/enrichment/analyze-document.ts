import { type Problem, problem, type RefusalCode } from '../errors.ts';
import type { JsonObject } from '../event/json.ts';
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
  /** Cloudsplaining's `--flag-all-risky-actions`: refused where its rules for identity policies are not asked for. */
  readonly flagAll?: boolean;
}

type Analysis = ReturnType<typeof composeEffectiveAnalysis> | ReturnType<typeof composeCloudsplaining>;

export type DocumentAnswer =
  | {
      readonly ok: true;
      readonly analysis: Analysis;
      /** The same before it was put into the answer's names; mode `effective` only. */
      readonly findings: PolicyAnalysis | undefined;
      readonly problems: readonly Problem[];
    }
  | {
      readonly ok: false;
      readonly code: RefusalCode;
      readonly problem: Pick<Problem, 'path' | 'message'>;
    };

/**
 * What one policy allows, on demand, with every action listed. What has no statement is no policy: to find nothing in
 * it would say that it is harmless. Cloudsplaining does find nothing in it, and has no rules for resource policies,
 * which is refused: read as another kind, an open bucket would be told to be harmless. `flagAll`
 * is refused too where it would change nothing: whoever sets it would take the answer for a stricter one.
 */
export function analyzeDocument(
  { policy, kind, mode, account, flagAll = false }: AnalysisRequest,
  analyzer: PolicyAnalyzer,
): DocumentAnswer {
  const parsed = parseDocument({ value: policy, path: 'policy' });
  if ('problem' in parsed) return invalid(parsed.problem);
  if ('nothing' in parsed) return invalid();
  if (mode === 'cloudsplaining' && kind === 'resource') return NO_RULES;
  if (flagAll && (mode !== 'cloudsplaining' || kind !== 'identity')) return NO_SWITCH;
  if (mode === 'cloudsplaining')
    return kind === 'trust'
      ? trustAsCloudsplaining(parsed.document, account, analyzer)
      : identityAsCloudsplaining(parsed.document, flagAll, analyzer);
  if (!Object.hasOwn(parsed.document, 'Statement'))
    return invalid(problem('policy_invalid', 'policy.Statement'));
  const { summary, problems } = analyzer.analyze(parsed.document, kind, { path: 'policy', account });
  if (summary === undefined) return invalid(problems[0]);
  return {
    ok: true,
    analysis: composeEffectiveAnalysis(summary.analysis),
    findings: summary.analysis,
    problems:
      kind === 'identity' ? [...problems, ...misplacedPrincipals(parsed.document, 'policy')] : problems,
  };
}

const NO_RULES: DocumentAnswer = {
  ok: false,
  code: 'bad_request',
  problem: {
    path: 'kind',
    message: 'Cloudsplaining has no rules for resource policies: ask in mode effective.',
  },
};

const NO_SWITCH: DocumentAnswer = {
  ok: false,
  code: 'bad_request',
  problem: {
    path: 'flag_all',
    message:
      "Only Cloudsplaining's rules for identity policies have it: ask for kind identity, mode cloudsplaining.",
  },
};

function trustAsCloudsplaining(
  document: JsonObject,
  account: string | undefined,
  analyzer: PolicyAnalyzer,
): DocumentAnswer {
  const { severity, computeServices } = analyzer.tables.policies.cloudsplaining;
  const trust = analyzeCloudsplainingTrust(document, { currentAccountId: account, computeServices });
  if ('code' in trust) return unreadable(trust, trustAsCloudsplaining(NO_STATEMENT, account, analyzer));
  return {
    ok: true,
    analysis: composeCloudsplainingTrust(trust, severity),
    findings: undefined,
    problems: [],
  };
}

function identityAsCloudsplaining(
  document: JsonObject,
  flagAll: boolean,
  analyzer: PolicyAnalyzer,
): DocumentAnswer {
  const { severity } = analyzer.tables.policies.cloudsplaining;
  const findings = analyzeCloudsplaining(document, analyzer.cloudsplaining, flagAll);
  if ('code' in findings) {
    // Nothing is known of it, and empty lists would say that nothing was found.
    const refused = findings.code === 'policy_too_complex';
    if (refused) return invalid(problem(findings.code, 'policy'));
    return unreadable(findings, identityAsCloudsplaining(NO_STATEMENT, flagAll, analyzer));
  }
  return { ok: true, analysis: composeCloudsplaining(findings, severity), findings: undefined, problems: [] };
}

const NO_STATEMENT = { Statement: [] };

/**
 * Where Cloudsplaining stops with an error there are no findings, and a problem that says why, as in the other mode.
 */
function unreadable(found: Problem, nothing: DocumentAnswer): DocumentAnswer {
  const path = found.path === '' ? 'policy' : `policy.${found.path}`;
  return nothing.ok ? { ...nothing, problems: [{ ...found, path }] } : nothing;
}

function invalid(found: Problem = problem('policy_invalid', 'policy')): DocumentAnswer {
  return { ok: false, code: 'policy_invalid', problem: found };
}
