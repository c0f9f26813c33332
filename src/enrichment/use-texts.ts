import type { SourceCheckOutput } from './compose-origin.ts';
import type { OriginOutput } from './origin-schema.ts';

/**
 * Parts of an answer as the JSON that JSON.stringify gives of them, for a quarter of what that costs: nearly all of
 * their values are names of ours, times, numbers and addresses that were parsed, and need no escaping.
 */
export function sourceCheckText(check: SourceCheckOutput): string {
  const { verdict, anomalous, severity, reasons, baseline, compared, first_seen, distinct_ips } = check;
  const start = `{"verdict":"${verdict}","anomalous":${anomalous},"severity":"${severity}","reasons":["${reasons.join('","')}"]`;
  const against = compared === undefined ? '' : `,"compared":${comparisonText(compared)}`;
  const ips = distinct_ips === undefined ? '' : `,"distinct_ips":${distinct_ips}`;
  return `${start}${named('baseline', baseline)}${against}${named('first_seen', first_seen)}${ips}}`;
}

function comparisonText(compared: NonNullable<SourceCheckOutput['compared']>): string {
  const { ip, against, ip_equal, same_prefix, asn_equal, client_equal, vpce_equal } = compared;
  const addresses = `"ip":"${ip}","against":"${against}","ip_equal":${ip_equal}`;
  return `{${addresses},"same_prefix":${same_prefix},"asn_equal":${asn_equal},"client_equal":${client_equal},"vpce_equal":${vpce_equal}}`;
}

/** What an origin says before its lineage, in two texts: its credential's age stands between them. */
export interface OwnTexts {
  readonly before: string;
  readonly after: string;
}

/** @param origin one whose credential is known, and its age */
export function ownTexts(origin: OriginOutput): OwnTexts {
  const { status, join, confidence, reason, credential, source_identity, late } = origin;
  const start = `{"status":"${status}"${named('join', join)}${named('confidence', confidence)}${named('reason', reason)}`;
  return {
    before: `${start},"credential":${credentialStart(credential as Credential)},"age_seconds":`,
    after: `}${quoted('source_identity', source_identity)}${late === undefined ? '' : `,"late":${late}`}`,
  };
}

type Credential = NonNullable<OriginOutput['credential']>;

/** All of it but its age, which is its last field. What comes from a stored row may be anything that was put there. */
function credentialStart(credential: Credential): string {
  const { kind, from_console, access_key_id, issued_at, expires_at, expires_basis } = credential;
  const key = quoted('access_key_id', access_key_id);
  const times = `${named('issued_at', issued_at)}${named('expires_at', expires_at)}`;
  return `{"kind":${JSON.stringify(kind)},"from_console":${from_console}${key}${times}${quoted('expires_basis', expires_basis)}`;
}

function quoted(field: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${field}":${JSON.stringify(value)}`;
}

/** @param value one that needs no escaping */
function named(field: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${field}":"${value}"`;
}
