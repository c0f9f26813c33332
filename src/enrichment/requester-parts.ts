import { Generations } from '../generations.ts';
import type { Requester, Source } from '../session/claim.ts';
import { composeRequester, composeRoot, type RequesterOutput, type RootOutput } from './compose-requester.ts';
import { composeSource, type SourceOutput } from './compose-source.ts';

/** A part of an answer, and the same as JSON. */
export interface Part<Output> {
  readonly output: Output;
  readonly text: string;
}

/** What answers say of one requester. */
export interface RequesterParts {
  readonly requester: Part<RequesterOutput>;
  /** As the root of a chain, but for the address at which it began. */
  readonly root: Part<RootOutput>;
}

/** What they say of where it was. */
export interface SourceParts {
  readonly source: Part<SourceOutput>;
  readonly address: Part<string> | undefined;
}

/**
 * Who obtains credentials does so again and again, and from few places. Of each of two generations, of usual lengths
 * some 8 MB.
 */
const MOST_KNOWN = 4096;

/** By identity: equal requesters, and equal sources, are one object each in the memory of sessions. */
const requesters = new Generations<Requester, RequesterParts>(MOST_KNOWN);
const sources = new Generations<Source, SourceParts>(MOST_KNOWN);

export function requesterParts(requester: Requester): RequesterParts {
  const known = requesters.get(requester);
  if (known !== undefined) return known;
  const root = partOf(composeRoot(requester, undefined));
  return remember(requesters, requester, { requester: partOf(composeRequester(requester)), root });
}

export function sourceParts(source: Source): SourceParts {
  const known = sources.get(source);
  if (known !== undefined) return known;
  const address = source.address === undefined ? undefined : partOf(source.address);
  return remember(sources, source, { source: partOf(composeSource(source)), address });
}

/** Of a chain that began with `root`, at `address`. */
export function rootPart({ root }: RequesterParts, { address }: SourceParts): Part<RootOutput> {
  if (address === undefined) return root;
  const start = root.text === '{}' ? '{' : `${root.text.slice(0, -1)},`;
  return {
    output: { ...root.output, address: address.output },
    text: `${start}"address":${address.text}}`,
  };
}

function partOf<Output>(output: Output): Part<Output> {
  return { output, text: JSON.stringify(output) };
}

function remember<Key, Value>(known: Generations<Key, Value>, key: Key, value: Value): Value {
  known.set(key, value);
  return value;
}
