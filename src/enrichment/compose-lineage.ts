import { Generations } from '../generations.ts';
import type { Static } from '../json-schema.ts';
import type { Claim } from '../session/claim.ts';
import type { FoundIssuance, Lineage } from '../session/lineage.ts';
import type { Origin } from '../session/origin.ts';
import type { SourceCheck } from '../session/source-verdicts.ts';
import { ownCopy } from '../session/stored-text.ts';
import { formatTime } from './format-time.ts';
import type { OriginOutput, SourceCheckSchema } from './origin-schema.ts';
import { requesterParts, rootPart, sourceParts } from './requester-parts.ts';

type IssuerOutput = NonNullable<OriginOutput['issuer']>;
type ChainStepOutput = NonNullable<OriginOutput['chain']>[number];

type LineageField =
  | 'issuer'
  | 'requester'
  | 'source'
  | 'root'
  | 'chain'
  | 'chain_depth'
  | 'chain_complete'
  | 'conflict';

/** The part of an origin that is the same for all events with one credential. */
export interface ComposedLineage {
  readonly output: Required<Pick<OriginOutput, LineageField>>;
  /** `output` as JSON, without its braces. */
  readonly text: string;
}

/** Of a credential that is used again. */
export interface KnownLineage extends ComposedLineage {
  readonly lineage: Lineage;
  /** What its last use was answered with (compose-use.ts). */
  origin: KnownOrigin | undefined;
  check: KnownCheck | undefined;
}

export interface KnownOrigin {
  readonly of: Origin;
  readonly output: OriginOutput;
  /** `output` as JSON, before and after the number that is the credential's age. */
  readonly before: string;
  readonly after: string;
}

export interface KnownCheck {
  readonly of: SourceCheck;
  readonly output: Static<typeof SourceCheckSchema>;
  readonly text: string;
}

/**
 * Of each of two generations: some 16 MB at the most. Sessions are used in bursts: those in use are few beside those
 * that are remembered.
 */
const MOST_KNOWN = 4096;

const knownLineages = new Generations<Claim, KnownLineage>(MOST_KNOWN);

/** Composed for good at a credential's second use, and again where its chain has become longer or other since. */
export function composeLineage(lineage: Lineage): ComposedLineage | KnownLineage {
  const own = lineage.steps[0] as FoundIssuance;
  const known = knownLineages.get(own.claim);
  if (known !== undefined && isSame(known.lineage, lineage)) return known;
  const composed = compose(lineage, own.claim);
  if (known === undefined && !wasMetLately(own)) return composed;
  const { output, text } = composed;
  const kept: KnownLineage = { lineage, output, text: ownCopy(text), origin: undefined, check: undefined };
  knownLineages.set(own.claim, kept);
  return kept;
}

/**
 * Issuances met of late, each in the place that its subject gives it; one that comes to the same place takes it. What
 * is used once in a long while is not worth keeping, nor the room of a map.
 */
const metLately: (Claim | undefined)[] = Array.from({ length: MOST_KNOWN });

function wasMetLately({ subject, claim }: FoundIssuance): boolean {
  let place = 0;
  for (let i = Math.max(0, subject.length - 8); i < subject.length; i++)
    place = (Math.imul(place, 31) + subject.charCodeAt(i)) & (MOST_KNOWN - 1);
  if (metLately[place] === claim) return true;
  metLately[place] = claim;
  return false;
}

function isSame(a: Lineage, b: Lineage): boolean {
  if (a.isComplete !== b.isComplete || a.conflict !== b.conflict || a.steps.length !== b.steps.length)
    return false;
  for (let i = 0; i < a.steps.length; i++) if (a.steps[i]?.claim !== b.steps[i]?.claim) return false;
  return true;
}

function compose({ steps, isComplete, conflict }: Lineage, own: Claim): ComposedLineage {
  const top = (steps.at(-1) as FoundIssuance).claim;
  const issuer = composeIssuer(own);
  const asked = requesterParts(own.requester);
  const from = sourceParts(own.source);
  const { requester } = asked;
  const { source } = from;
  const root =
    top === own ? rootPart(asked, from) : rootPart(requesterParts(top.requester), sourceParts(top.source));
  const chain = steps.map(({ claim }) => composeStep(claim)).reverse();
  const ends = { chain, chain_depth: steps.length, chain_complete: isComplete, conflict };
  const output = { issuer, requester: requester.output, source: source.output, root: root.output, ...ends };
  const parts = `"requester":${requester.text},"source":${source.text},"root":${root.text}`;
  return { output, text: `"issuer":${JSON.stringify(issuer)},${parts},${JSON.stringify(ends).slice(1, -1)}` };
}

function composeIssuer(claim: Claim): IssuerOutput {
  const output: IssuerOutput = { action: claim.action };
  if (claim.eventId !== undefined) output.event_id = claim.eventId;
  if (claim.sharedEventId !== undefined) output.shared_event_id = claim.sharedEventId;
  if (claim.accountId !== undefined) output.account_id = claim.accountId;
  if (claim.region !== undefined) output.region = claim.region;
  return output;
}

function composeStep(claim: Claim): ChainStepOutput {
  const output: ChainStepOutput = { action: claim.action, issued_at: formatTime(claim.time) };
  if (claim.requester.arn !== undefined) output.arn = claim.requester.arn;
  if (claim.requester.accessKeyId !== undefined) output.access_key_id = claim.requester.accessKeyId;
  if (claim.source.address !== undefined) output.address = claim.source.address;
  if (claim.eventId !== undefined) output.event_id = claim.eventId;
  return output;
}
