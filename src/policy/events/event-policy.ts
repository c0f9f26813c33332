import type { PolicyKind, PolicyOperation } from '../../tables/policy-events.ts';
import type { PolicyAnalysis, PolicyFinding } from '../policy-findings.ts';
import type { PolicyChange } from '../policy-summary.ts';

/** What a call does to a policy, and what that policy allows. */
export interface EventPolicy {
  readonly kind: PolicyKind;
  readonly operation: PolicyOperation;
  /** The policy grants nothing by itself; its findings are what it lets through. */
  readonly limits: boolean;
  readonly name: string | undefined;
  readonly arn: string | undefined;
  readonly versionId: string | undefined;
  /** `user/dev-intern`, `bucket/example`, or an ARN; for a managed policy those that were seen to hold it. */
  readonly appliesTo: readonly string[];
  /**
   * now: in force; later: a version that is not the default, or a policy that nothing has; failed: the call failed, or
   * only asked.
   */
  readonly effect: 'now' | 'later' | 'failed';
  /**
   * An identity can do more after the call: its policy has an Allow that counts, or a content that is not known. Trust
   * and resource policies say who gets in, and never count here.
   */
  readonly grantsIdentity: boolean;
  /** The policy that the call writes, attaches or puts in force could be read, and has no Allow; never of a limit. */
  readonly onlyDenies: boolean;
  /** A policy that only denied is taken away or denies less, and what it denied may be possible again. */
  readonly liftsDeny: boolean;
  /** The call only takes back what was shared, as far as it is known. */
  readonly withdraws: boolean;
  /** The caller is the one who gains. */
  readonly selfGrant: boolean;
  /** Absent where neither the event nor a table nor the memory holds the text. */
  readonly analysis: PolicyAnalysis | undefined;
  /** Parts of the document could not be read, and may grant more than the analysis knows of. */
  readonly unread: boolean;
  readonly change: PolicyChange | undefined;
  readonly principal: HeldTogether | undefined;
}

/** What one principal can do only because of several policies, or because of what this call added to them. */
export interface HeldTogether {
  readonly name: string;
  /** How many policies are known of it. */
  readonly policies: number;
  readonly findings: readonly PolicyFinding[];
}
