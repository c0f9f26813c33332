import type { Claim, CredentialKind } from './claim.ts';
import { isForeignEndpoint } from './compare-sources.ts';
import { instanceIdOf, scopeKind } from './describe-origin.ts';
import type { FoundIssuance, Lineage } from './lineage.ts';
import { parseIp } from './source-address.ts';
import type { SourceKnowledge } from './source-question.ts';
import type { Judgement } from './source-verdicts.ts';
import { callsFromOwnNetwork, isIssuedToWorkload, placeOf } from './workload-sources.ts';

/**
 * V6c: whoever takes a workload's key asks for other credentials with it, and is at home with those where they are.
 * What V6a and V6b say of that call holds for all that was obtained by it.
 */
export function obtainedElsewhere(
  lineage: Lineage | undefined,
  knowledge: SourceKnowledge,
): Judgement | undefined {
  if (lineage === undefined) return undefined;
  const { steps } = lineage;
  for (let i = steps.length - 1; i >= 0; i--) {
    const { claim } = steps[i] as FoundIssuance;
    const kind = kindAskedWith(claim, steps[i + 1]?.claim);
    if (kind === undefined || isAllowed(claim, knowledge)) continue;
    const before = { ...lineage, steps: steps.slice(i + 1) };
    if (isOutsideAws(claim, knowledge) || isBehindForeignEndpoint(claim, kind, before, knowledge))
      return { verdict: 'obtained_elsewhere', detail: detailOf(claim) };
  }
  return undefined;
}

/**
 * The kind of the workload's credential that this one was asked for with; undefined where it was none's.
 * @param before the issuance of that credential, where it was seen
 */
function kindAskedWith({ requester }: Claim, before: Claim | undefined): CredentialKind | undefined {
  if (requester.invokedBy !== undefined) return undefined;
  if (before !== undefined && isIssuedToWorkload(before)) return before.kind;
  if (requester.scopeType !== undefined) return scopeKind(requester.scopeType);
  const isNamed = before === undefined && instanceIdOf(requester.principalId) !== undefined;
  return isNamed ? 'ec2_instance' : undefined;
}

/** V5 goes before V6a and V6b. */
function isAllowed({ source }: Claim, { allowedNetworks }: SourceKnowledge): boolean {
  if (allowedNetworks === undefined) return false;
  const ip = parseIp(source.address);
  return ip !== undefined && allowedNetworks.has(ip);
}

function isOutsideAws({ source, region }: Claim, { networks }: SourceKnowledge): boolean {
  const ip = networks && parseIp(source.address);
  if (networks === undefined || ip === undefined) return false;
  return placeOf(ip, source.vpcEndpointId, region, networks) === 'outside';
}

/** @param lineage of the credential that was asked with */
function isBehindForeignEndpoint(
  { requester, source }: Claim,
  kind: CredentialKind,
  lineage: Lineage,
  { endpointAccounts }: SourceKnowledge,
): boolean {
  const { accountId } = requester;
  if (accountId === undefined || !callsFromOwnNetwork(kind)) return false;
  return isForeignEndpoint(source, { accountId, lineage, endpointAccounts });
}

function detailOf({ action, source, eventId }: Claim): string {
  const event = eventId === undefined ? '' : `, in event ${eventId}`;
  return `The call was ${action} from ${source.address}${event}.`;
}
