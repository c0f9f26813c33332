import { NOT_APPLICABLE, type Origin } from '../session/origin.ts';
import { FIXED_CHECKS } from '../session/source-check.ts';
import type { Comparison, SourceCheck } from '../session/source-verdicts.ts';
import { ownCopy } from '../session/stored-text.ts';
import type { SessionTrace } from '../session/trace-session.ts';
import {
  type ComposedLineage,
  composeLineage,
  type KnownCheck,
  type KnownLineage,
  type KnownOrigin,
} from './compose-lineage.ts';
import { composeOrigin, composeSourceCheck, type SourceCheckOutput } from './compose-origin.ts';
import type { OriginOutput } from './origin-schema.ts';
import { ownTexts, sourceCheckText } from './use-texts.ts';

/** What an answer says of the use of a credential; the texts where parts of them were made before. */
export interface ComposedUse {
  readonly origin: OriginOutput | undefined;
  readonly originText: string | undefined;
  readonly check: SourceCheckOutput | undefined;
  readonly checkText: string | undefined;
}

/**
 * The uses of one credential differ little: in its age, and in their source where it moves. What the last use was
 * answered with is kept beside the lineage, and serves again where nothing else is new.
 */
export function composeUse({ origin, sourceCheck }: SessionTrace): ComposedUse {
  const lineage = origin?.lineage && composeLineage(origin.lineage);
  const known = lineage !== undefined && 'lineage' in lineage ? lineage : undefined;
  const check = sourceCheck && (FIXED.get(sourceCheck) ?? (lineage && composedCheck(sourceCheck, known)));
  const { output, text } = composedOrigin(origin, lineage, known);
  return {
    origin: output,
    originText: text,
    check: check?.output ?? (sourceCheck && composeSourceCheck(sourceCheck)),
    checkText: check?.text,
  };
}

function composedOrigin(
  origin: Origin | undefined,
  lineage: ComposedLineage | undefined,
  known: KnownLineage | undefined,
): { readonly output: OriginOutput | undefined; readonly text: string | undefined } {
  if (origin === undefined) return NO_ORIGIN;
  if (origin === NOT_APPLICABLE) return OF_A_SERVICE;
  const age = origin.credential?.ageSeconds;
  if (lineage === undefined || age === undefined)
    return { output: composeOrigin(origin, lineage), text: undefined };
  if (known !== undefined) {
    const last = knownOrigin(origin, known);
    return { output: withAge(last.output, age), text: `${last.before}${age}${last.after}` };
  }
  const output = composeOrigin(origin, lineage);
  const { before, after } = ownTexts(output);
  return { output, text: `${before}${age}${after},${lineage.text}}` };
}

const NO_ORIGIN = { output: undefined, text: undefined };

/** Of a service that calls for itself. */
const OF_A_SERVICE = {
  output: composeOrigin(NOT_APPLICABLE),
  text: JSON.stringify(composeOrigin(NOT_APPLICABLE)),
};

const FIXED: ReadonlyMap<SourceCheck, KnownCheck> = new Map(
  FIXED_CHECKS.map((check) => [check, knownCheck(check)]),
);

function knownCheck(check: SourceCheck): KnownCheck {
  const output = composeSourceCheck(check);
  return { of: check, output, text: sourceCheckText(output) };
}

/** @param origin of a credential whose age is known */
function knownOrigin(origin: Origin, known: KnownLineage): KnownOrigin {
  const last = known.origin;
  if (last !== undefined && isSameButAge(last.of, origin)) return last;
  const output = composeOrigin(origin, known);
  const { before, after } = ownTexts(output);
  const toTheEnd = ownCopy(`${after},${known.text}}`);
  known.origin = { of: origin, output, before: ownCopy(before), after: toTheEnd };
  return known.origin;
}

function withAge(output: OriginOutput, age: number): OriginOutput {
  const { credential } = output;
  if (credential === undefined) return output;
  return { ...output, credential: { ...credential, age_seconds: age } };
}

function isSameButAge(a: Origin, b: Origin): boolean {
  const x = a.credential;
  const y = b.credential;
  return (
    a.status === b.status &&
    a.join === b.join &&
    a.confidence === b.confidence &&
    a.reason === b.reason &&
    a.sourceIdentity === b.sourceIdentity &&
    a.late === b.late &&
    x?.accessKeyId === y?.accessKeyId &&
    x?.kind === y?.kind &&
    x?.issuedAt === y?.issuedAt &&
    x?.expiresAt === y?.expiresAt &&
    x?.expiresBasis === y?.expiresBasis &&
    x?.fromConsole === y?.fromConsole
  );
}

function composedCheck(check: SourceCheck, known: KnownLineage | undefined): KnownCheck {
  if (known === undefined) return knownCheck(check);
  const last = known.check;
  if (last !== undefined && isSameCheck(last.of, check)) return last;
  const { output, text } = knownCheck(check);
  known.check = { of: check, output, text: ownCopy(text) };
  return known.check;
}

function isSameCheck(a: SourceCheck, b: SourceCheck): boolean {
  return (
    a.verdict === b.verdict &&
    a.baseline === b.baseline &&
    a.firstSeen === b.firstSeen &&
    a.distinctIps === b.distinctIps &&
    a.anomalous === b.anomalous &&
    a.severity === b.severity &&
    a.reasons.length === b.reasons.length &&
    a.reasons.every((reason, i) => reason === b.reasons[i]) &&
    isSameComparison(a.compared, b.compared)
  );
}

function isSameComparison(a: Comparison | undefined, b: Comparison | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.ip === b.ip &&
    a.against === b.against &&
    a.ipEqual === b.ipEqual &&
    a.samePrefix === b.samePrefix &&
    a.asnEqual === b.asnEqual &&
    a.clientEqual === b.clientEqual &&
    a.vpceEqual === b.vpceEqual
  );
}
