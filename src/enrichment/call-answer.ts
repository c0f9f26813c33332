import type { IdentifiedAction } from '../action/identify-action.ts';
import type { SourceSeverity } from '../session/source-verdicts.ts';
import type { AccessLevel, IamAction } from '../tables/action-table.ts';
import type { CallOutcome } from '../tables/error-outcomes.ts';
import type { CallRisk } from '../tables/risk-table.ts';
import type { RiskWeights } from '../tables/risk-weights.ts';
import type { Tables } from '../tables/tables.ts';
import type { TellingCall } from '../tables/telling-calls.ts';
import type { Enrichment } from './enrichment.ts';
import { besidePolicy, riskAsTold } from './risk-as-told.ts';
import { type RiskEvidence, type RiskScore, scoreRisk } from './score-risk.ts';

/** The two parts of an answer that rest on the call, and not on who made it. */
export interface CallAnswer {
  readonly action: Enrichment['action'];
  readonly risk: Enrichment['risk'];
  /** The text of the answer's head that was made last (stringify-enrichment.ts). */
  head: AnswerHead | undefined;
}

/** The beginning of an answer as JSON, without its closing brace: all that rests on the call and its name alone. */
export interface AnswerHead {
  readonly threat: Enrichment['threat'];
  readonly text: string;
}

type RiskTables = Pick<Tables, 'risks' | 'riskWeights'>;

interface KnownAnswer extends CallAnswer {
  readonly weights: RiskWeights;
  /** IAM calls it otherwise than the event. */
  readonly hasOtherName: boolean;
  readonly told: readonly TellingCall[] | undefined;
  readonly outcome: CallOutcome;
  readonly source: SourceSeverity;
}

/** What moves the score of a call, besides the risk of the call itself. */
export interface CallEvidence extends Omit<RiskEvidence, 'call'> {
  /** Why the call does no harm, where its parameters say so: it is low then, whatever its action can do. */
  readonly harmless?: string | undefined;
  /** What its parameters tell, where it is not harmless: for the same rows the same list. */
  readonly told?: readonly TellingCall[] | undefined;
}

/**
 * One rule's calls differ in their outcome, in the concern about their source, and a few in what their parameters tell:
 * at most 32 answers for each set of the rows of telling-calls.json that can hold together, which are shared.
 */
const knownAnswers = new WeakMap<IdentifiedAction, KnownAnswer[]>();

/** @param evidence what else counts; the risk of the call itself is looked up where its answer is not known yet */
export function answerOfCall(
  identified: IdentifiedAction,
  eventName: string | undefined,
  evidence: CallEvidence,
  tables: RiskTables,
): CallAnswer {
  const hasOtherName = identified.actions[0]?.name !== eventName;
  const { policy, harmless, told, outcome, source } = evidence;
  if (!identified.isShared || policy !== undefined || harmless !== undefined)
    return compose(identified, eventName, evidence, tables);
  const answers = knownAnswersOf(identified);
  for (const known of answers)
    if (
      known.source === source &&
      known.outcome === outcome &&
      known.hasOtherName === hasOtherName &&
      known.told === told &&
      known.weights === tables.riskWeights
    )
      return known;
  const { action, risk } = compose(identified, eventName, evidence, tables);
  Object.freeze(action);
  Object.freeze(risk);
  const weights = tables.riskWeights;
  const added: KnownAnswer = { action, risk, head: undefined, weights, hasOtherName, told, outcome, source };
  answers.push(added);
  return added;
}

function knownAnswersOf(identified: IdentifiedAction): KnownAnswer[] {
  let answers = knownAnswers.get(identified);
  if (answers === undefined) {
    answers = [];
    knownAnswers.set(identified, answers);
  }
  return answers;
}

function compose(
  identified: IdentifiedAction,
  eventName: string | undefined,
  evidence: CallEvidence,
  tables: RiskTables,
): CallAnswer {
  const hasOtherName = identified.actions[0]?.name !== eventName;
  const able = tables.risks.ofCall(identified.actions, eventName);
  const call = callAsTold(able, evidence);
  const { policy, told, harmless } = evidence;
  const isBeside = policy !== undefined && told !== undefined && harmless === undefined;
  const beside = isBeside ? besidePolicy(call, told) : undefined;
  const score = scoreRisk(
    { ...evidence, call, beside, refusedStranger: identified.isRefusedStranger },
    tables.riskWeights,
  );
  return {
    action: composeAction(identified, hasOtherName, evidence.outcome),
    risk: composeRisk(call, score, identified.why),
    head: undefined,
  };
}

function callAsTold(able: CallRisk, { harmless, told }: CallEvidence): CallRisk {
  if (harmless !== undefined) return withoutHarm(able, harmless);
  return told === undefined ? able : riskAsTold(able, told);
}

/** The services stay: they are touched all the same. */
function withoutHarm({ services }: CallRisk, reason: string): CallRisk {
  return { level: 'low', categories: [], methods: [], services, reasons: [reason] };
}

/** A call that is known to need no permission has an empty list; one that is not known has none. */
function composeAction(
  { mapping, service, actions }: IdentifiedAction,
  hasOtherName: boolean,
  outcome: CallOutcome,
): Enrichment['action'] {
  const [called] = actions;
  if (called === undefined) {
    return {
      ...(mapping === 'rule' && { iam: [] }),
      ...(service !== undefined && { service }),
      mapping,
      outcome,
    };
  }
  const level = mapping === 'ambiguous' ? agreedLevel(actions) : called.accessLevel;
  return {
    iam: actions.map((action) => action.id),
    service: called.service,
    ...(hasOtherName && { name: called.name }),
    ...(level !== undefined && { access_level: level }),
    mapping,
    outcome,
  };
}

/** Where the record does not tell which action was called, only what all candidates have in common is said. */
function agreedLevel(actions: readonly IamAction[]): AccessLevel | undefined {
  const [first] = actions;
  return actions.every((action) => action.accessLevel === first?.accessLevel)
    ? first?.accessLevel
    : undefined;
}

function composeRisk(call: CallRisk, risk: RiskScore, why: string | undefined): Enrichment['risk'] {
  return {
    categories: call.categories,
    action_level: call.level,
    score: risk.score,
    level: risk.level,
    services: call.services,
    methods: call.methods,
    reasons: why === undefined ? risk.reasons : [why, ...risk.reasons],
  };
}
