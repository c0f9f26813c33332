export const SOURCE_SEVERITIES = ['none', 'low', 'medium', 'high'] as const;

export type SourceSeverity = (typeof SOURCE_SEVERITIES)[number];

interface VerdictMeaning {
  readonly anomalous: boolean;
  readonly severity: SourceSeverity;
  /** One sentence for the answer. */
  readonly reason: string;
}

/** What each verdict says, in the order in which docs/session-origin.md decides. */
const VERDICTS = {
  service_on_behalf: fine(
    'An AWS service made this call on behalf of the caller; the address is the service.',
  ),
  not_temporary: fine('The call was not made with temporary credentials.'),
  used_before_issue: anomaly('medium', 'The credential was used before it was issued.'),
  expired_credential: anomaly('medium', 'The credential was used more than five minutes after it expired.'),
  allowed_network: fine('The address is in a network that the operator allows.'),
  workload_outside_aws: anomaly(
    'high',
    'The credential of a workload is used from a public address that is not of AWS.',
  ),
  obtained_elsewhere: anomaly(
    'high',
    'The credential was obtained, directly or over others, by a call with the key of a workload from elsewhere.',
  ),
  console_session: fine('The earliest known use of a console session.'),
  origin_unknown: fine('The earliest known use of a session whose issuance is not known.'),
  first_use: fine('No earlier address of the holder is known that this use can be judged by.'),
  same_source: fine('The same address and client as the baseline.'),
  same_source_new_client: fine('The same address as the baseline, with another client.', 'low'),
  private_endpoint: fine('A private address behind the same VPC endpoint as the baseline.'),
  different_account_vpce: anomaly('high', 'An address behind a VPC endpoint of another account.'),
  private_unverifiable: fine(
    'Two private addresses, without a VPC endpoint in common that would tell whether it is one network.',
    'low',
  ),
  private_public_pair: fine(
    'The first address of the other kind, private or public: one machine often has both.',
  ),
  ip_family_change: fine('An address of the other family, IPv4 or IPv6: one machine often has both.'),
  same_network: fine('Another address in the network of the baseline.'),
  different_source: anomaly('medium', 'An address in another network than the baseline.'),
  different_source_and_client: anomaly(
    'high',
    'An address in another network than the baseline, and another client.',
  ),
} as const satisfies Record<string, VerdictMeaning>;

export type SourceVerdict = keyof typeof VERDICTS;

/** In the order in which they are decided. */
export const SOURCE_VERDICTS = Object.keys(VERDICTS) as SourceVerdict[];

function fine(reason: string, severity: SourceSeverity = 'none'): VerdictMeaning {
  return { anomalous: false, severity, reason };
}

function anomaly(severity: SourceSeverity, reason: string): VerdictMeaning {
  return { anomalous: true, severity, reason };
}

export const BASELINES = ['issuance', 'sign_in', 'first_use', 'in_scope_of'] as const;

export type Baseline = (typeof BASELINES)[number];

/** `undefined`: there is no data to compare, which is never the same as equal. */
export interface Comparison {
  readonly ip: string;
  readonly against: string;
  readonly ipEqual: boolean;
  readonly samePrefix: boolean | undefined;
  readonly asnEqual: boolean | undefined;
  readonly clientEqual: boolean | undefined;
  readonly vpceEqual: boolean | undefined;
}

export interface SourceCheck {
  readonly verdict: SourceVerdict;
  readonly anomalous: boolean;
  readonly severity: SourceSeverity;
  readonly reasons: readonly string[];
  readonly baseline: Baseline | undefined;
  readonly compared: Comparison | undefined;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number | undefined;
  readonly distinctIps: number | undefined;
}

export interface Judgement {
  readonly verdict: SourceVerdict;
  readonly compared?: Comparison;
  /** What the verdict alone does not say. */
  readonly detail?: string;
}

export function isAnomalous({ verdict }: Judgement): boolean {
  return VERDICTS[verdict].anomalous;
}

export function checkOf(
  judgement: Judgement,
  baseline: Baseline | undefined,
  firstSeen: number | undefined,
  distinctIps: number | undefined,
): SourceCheck {
  const { verdict, compared, detail } = judgement;
  const { anomalous, severity, reason } = VERDICTS[verdict] as VerdictMeaning;
  return {
    verdict,
    anomalous,
    severity,
    reasons: detail === undefined ? [reason] : [reason, detail],
    baseline,
    compared,
    firstSeen,
    distinctIps,
  };
}
