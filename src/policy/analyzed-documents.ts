import { LRUCache } from 'lru-cache';
import type { Problem } from '../errors.ts';
import type { JsonObject } from '../event/json.ts';
import type { PolicyKind } from '../tables/policy-events.ts';
import type { Field } from './document/event-fields.ts';
import { parseDocument } from './document/parse-policy.ts';
import type { Principal } from './document/policy-document.ts';
import type { AnalyzedPolicy } from './effective/analyze-policy.ts';
import { namesIn, type PolicySummary } from './policy-summary.ts';

/** What a document in an event says. */
export interface AnalyzedDocument {
  /** Absent where there is nothing to analyse, or too much. */
  readonly summary: PolicySummary | undefined;
  readonly problems: readonly Problem[];
  /** Of a trust policy: who may take the role is asked anew for each caller. */
  readonly trusts: readonly Principal[];
}

type Analyze = (document: JsonObject, place: DocumentPlace) => AnalyzedPolicy;

/** All that an analysis rests on besides the document and the tables. */
export interface DocumentPlace {
  readonly kind: PolicyKind;
  /** The account the policy lies in, where it is known. */
  readonly account: string | undefined;
  /** Of a resource policy: the prefixes of the actions that its resource is asked for by, where they are known. */
  readonly prefixes: readonly string[] | undefined;
  /** Where in the event the document stands. */
  readonly path: string;
}

interface Known extends DocumentPlace {
  readonly analyzed: AnalyzedDocument;
}

/** Bytes, of the texts and of what is known of each: some 15 MB with what V8 adds. */
const MOST_BYTES = 8_000_000;
const BYTES_OF_NAME = 8;
const BYTES_OF_PLACE = 1_000;
/** AWS accepts no text that is longer but for OpenSearch: S3 takes 20 KB, IAM 10. */
const LONGEST_REMEMBERED = 40_000;
/** One text in several accounts, as a pipeline writes it. */
const MOST_PLACES = 8;

/**
 * The same documents come again and again: the session policy of every AssumeRole of a job, the roles that one
 * template makes in every account. A text that was analysed is not analysed again.
 */
export class AnalyzedDocuments {
  readonly #analyze: Analyze;
  readonly #known = new LRUCache<string, readonly Known[]>({
    maxSize: MOST_BYTES,
    sizeCalculation: (known, text) => text.length + bytesOf(known),
  });

  constructor(analyze: Analyze) {
    this.#analyze = analyze;
  }

  of(
    { value, path }: Field,
    kind: PolicyKind,
    account: string | undefined,
    prefixes?: readonly string[],
  ): AnalyzedDocument {
    const place = { kind, account, prefixes, path };
    if (typeof value !== 'string' || value.length > LONGEST_REMEMBERED) return this.#analyzed(value, place);
    const places = this.#known.get(value) ?? [];
    for (const known of places) if (isSamePlace(known, place)) return known.analyzed;
    const analyzed = this.#analyzed(value, place);
    this.#known.set(value, [{ ...place, analyzed }, ...places].slice(0, MOST_PLACES));
    return analyzed;
  }

  #analyzed(value: unknown, place: DocumentPlace): AnalyzedDocument {
    const parsed = parseDocument({ value, path: place.path });
    if ('nothing' in parsed) return NOTHING;
    if ('problem' in parsed) return { ...NOTHING, problems: [parsed.problem] };
    return this.#analyze(parsed.document, place);
  }
}

function isSamePlace(one: DocumentPlace, other: DocumentPlace): boolean {
  return (
    one.kind === other.kind &&
    one.account === other.account &&
    one.path === other.path &&
    areSame(one.prefixes, other.prefixes)
  );
}

function areSame(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((prefix, at) => prefix === other[at]);
}

function bytesOf(places: readonly Known[]): number {
  let bytes = 0;
  for (const { analyzed } of places) bytes += BYTES_OF_PLACE + BYTES_OF_NAME * namesIn(analyzed.summary);
  return bytes;
}

const NOTHING: AnalyzedDocument = { summary: undefined, problems: [], trusts: [] };
