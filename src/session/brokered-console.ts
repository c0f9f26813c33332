import type { CloudTrailRecord } from '../event/cloudtrail-record.ts';
import { isOfConsoleServers } from './console-use.ts';
import { partsOfSessionKey, sessionKeysNear, signInTokenSubject } from './credential-key.ts';
import type { SessionView } from './session-store.ts';
import { isSamePrefix, parseIp } from './source-address.ts';
import { checkOf, type SourceCheck } from './source-verdicts.ts';
import type { Use } from './use.ts';

/**
 * A broker turns its session into a console session for a person's browser (IAM User Guide, "Enable custom identity
 * broker access to the AWS console"), which is always elsewhere. That the broker itself asked for the sign-in token
 * tells this from a console session that someone else made of a stolen key.
 */
export function unlessBrokered(
  check: SourceCheck,
  record: CloudTrailRecord,
  use: Use | undefined,
  view: SessionView,
): SourceCheck {
  const { verdict, compared } = check;
  if (verdict !== 'different_source' && verdict !== 'different_source_and_client') return check;
  if (use === undefined || compared === undefined || !isInBrowser(record, use)) return check;
  if (!isTokenAskedFrom(compared.against, use, view)) return check;
  const detail = 'A broker made a console session of the credential, for a browser elsewhere.';
  const judgement = { verdict: 'first_use', compared, detail } as const;
  return checkOf(judgement, check.baseline, check.firstSeen, check.distinctIps);
}

function isInBrowser(record: CloudTrailRecord, { sighting }: Use): boolean {
  const client = sighting?.client;
  if (record.eventName === 'ConsoleLogin') return client === undefined || client === 'browser';
  if (client === 'browser') return record.sessionCredentialFromConsole;
  return isOfConsoleServers(record, client);
}

/** One token that was asked for from elsewhere is enough to trust none. */
function isTokenAskedFrom(baseline: string, use: Use, view: SessionView): boolean {
  const parts = partsOfSessionKey(use.session);
  const against = parseIp(baseline);
  if (parts === undefined || against === undefined) return false;
  let isAsked = false;
  for (const key of sessionKeysNear(parts.principalId, parts.createdAt)) {
    for (const { source } of view.claims(signInTokenSubject(key)) ?? []) {
      const ip = parseIp(source.address);
      if (ip === undefined || isSamePrefix(ip, against) !== true) return false;
      isAsked = true;
    }
  }
  return isAsked;
}
