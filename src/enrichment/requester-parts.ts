import type { Requester, Source } from '../session/claim.ts';
import { composeRequester, composeRoot, type RequesterOutput, type RootOutput } from './compose-requester.ts';
import { composeSource, type SourceOutput } from './compose-source.ts';

/** A part of an answer, and the same as JSON. */
export interface Part<Output> {
  readonly output: Output;
  readonly text: string;
}

/** What answers say of one requester. */
interface RequesterParts {
  readonly requester: Part<RequesterOutput>;
  /** As the root of a chain, but for the address at which it began. */
  readonly root: Part<RootOutput>;
}

interface SourcePart extends Part<SourceOutput> {
  /** Its address, as JSON. */
  readonly addressText: string | undefined;
}

/** Who obtains credentials does so again and again, and from few places: some 8 MB of each at the most. */
const MOST_KNOWN = 4096;

/** By identity: equal requesters, and equal sources, are one object each in the memory of sessions. */
const requesters = new Map<Requester, RequesterParts>();
const sources = new Map<Source, SourcePart>();

export function requesterPart(requester: Requester): Part<RequesterOutput> {
  return partsOf(requester).requester;
}

/** @param source where the chain began */
export function rootPart(requester: Requester, source: Source): Part<RootOutput> {
  const { root } = partsOf(requester);
  const { addressText } = sourcePart(source);
  if (source.address === undefined || addressText === undefined) return root;
  const isEmpty = root.text === '{}';
  return {
    output: { ...root.output, address: source.address },
    text: `${root.text.slice(0, -1)}${isEmpty ? '' : ','}"address":${addressText}}`,
  };
}

export function sourcePart(source: Source): SourcePart {
  const known = sources.get(source);
  if (known !== undefined) return known;
  const addressText = source.address === undefined ? undefined : JSON.stringify(source.address);
  return remember(sources, source, { ...partOf(composeSource(source)), addressText });
}

function partsOf(requester: Requester): RequesterParts {
  const known = requesters.get(requester);
  if (known !== undefined) return known;
  const root = partOf(composeRoot(requester, undefined));
  return remember(requesters, requester, { requester: partOf(composeRequester(requester)), root });
}

function partOf<Output>(output: Output): Part<Output> {
  return { output, text: JSON.stringify(output) };
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, value: Value): Value {
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, value);
  return value;
}
