import type { Refusal, RefusalCode } from '../errors.ts';
import { recordOfElasticDocument } from './elastic-document.ts';
import { isObject, type JsonObject, objectAt, own, textAt } from './json.ts';
import { exceededLimit, parseWithinLimits } from './json-limits.ts';
import { LOG_EVENTS, LOOKED_UP, RECORDS } from './record-lists.ts';

/** User Guide, "CloudTrail record contents for aggregated events": such an event has no name, and only this type. */
export const AGGREGATED = 'AwsAggregatedEvent';

export type FoundRecord =
  | { readonly ok: true; readonly source: JsonObject }
  | { readonly ok: false; readonly refusal: Refusal };

/** Envelopes inside envelopes: SQS around SNS around EventBridge around a record is four. */
const MAX_ENVELOPES = 8;

/** A body may hold thousands of texts that look like JSON; a hash of the http filter holds one that is a record. */
const MAX_TEXT_TARGETS = 8;

/** Fields whose text is a whole record or another envelope: who writes each is said beside it. */
export const CARRIERS: readonly (readonly [name: string, read: (envelope: JsonObject) => unknown])[] = [
  ['detail', (envelope) => objectAt(envelope, 'detail')], // EventBridge
  ['message', (envelope) => envelope['message']], // Filebeat, Elastic Agent, Logstash's plain codec
  ['event.original', (envelope) => textAt(objectAt(envelope, 'event'), 'original')], // ECS
  ['CloudTrailEvent', (envelope) => envelope['CloudTrailEvent']], // cloudtrail:LookupEvents
  ['Message', (envelope) => envelope['Message']], // SNS
  ['Sns', (envelope) => objectAt(envelope, 'Sns')], // SNS to Lambda
  ['Body', (envelope) => envelope['Body']], // SQS
  ['body', (envelope) => envelope['body']], // SQS to Lambda
  [LOG_EVENTS, (envelope) => envelope[LOG_EVENTS]], // a CloudWatch Logs subscription
  ['data', (envelope) => decodedData(envelope['data'])], // Firehose
  ['json', (envelope) => objectAt(envelope, 'json')],
  ['cloudtrail', (envelope) => objectAt(envelope, 'cloudtrail')],
  ['aws.cloudtrail', (envelope) => objectAt(objectAt(envelope, 'aws'), 'cloudtrail')],
];

/**
 * Finds the one CloudTrail record in the text of a request, whatever envelope Logstash or another carrier put around
 * it.
 */
export function findRecordInText(text: string): FoundRecord {
  const marked = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  const misplaced = marked.charCodeAt(0) === OPEN_BRACE ? undefined : misplacedText(marked.trim());
  if (misplaced !== undefined) return refused(misplaced);
  const parsed = parseWithinLimits(marked);
  if (parsed === 'not_json') return refused(isJsonLines(marked) ? 'several_records' : 'not_json');
  return typeof parsed === 'string' ? refused(parsed) : search(parsed.value, '', MAX_ENVELOPES);
}

/** What stands where a record should, and is not worth parsing. */
function misplacedText(text: string): RefusalCode | undefined {
  if (text === '') return 'empty_body';
  return isReference(text) ? 'unresolved_reference' : undefined;
}

function isJsonLines(text: string): boolean {
  const end = text.indexOf('\n');
  if (end <= 0) return false;
  try {
    return isObject(JSON.parse(text.slice(0, end)));
  } catch {
    return false;
  }
}

/** Finds the one CloudTrail record in a parsed value. */
export function findRecord(value: unknown): FoundRecord {
  const limit = exceededLimit(value);
  return limit === undefined ? search(value, '', MAX_ENVELOPES) : refused(limit);
}

function search(value: unknown, path: string, envelopes: number): FoundRecord {
  if (typeof value === 'string') return searchText(value, path, envelopes);
  if (Array.isArray(value)) return searchList(value, path, envelopes);
  if (!isObject(value)) return refused('not_cloudtrail', path);
  const verdict = recognise(value);
  if (verdict === 'record') return { ok: true, source: value };
  if (verdict !== undefined)
    return refused(verdict, join(path, verdict === 's3_notification' ? 'eventSource' : 'eventName'));
  return envelopes === 0 ? refused('not_cloudtrail', path) : searchEnvelope(value, path, envelopes);
}

/** A record is an object with eventName and eventSource, an Insight, an aggregate of data events, or a digest. */
function recognise(value: JsonObject): 'record' | RefusalCode | undefined {
  const eventName = textAt(value, 'eventName');
  const eventSource = textAt(value, 'eventSource');
  if (eventName !== undefined && eventSource !== undefined) {
    if (eventSource === 'aws:s3') return 's3_notification';
    return isReference(eventName) || isReference(eventSource) ? 'unresolved_reference' : 'record';
  }
  if (objectAt(value, 'insightDetails') !== undefined) return 'record';
  if (textAt(value, 'eventType') === AGGREGATED) return 'record';
  if (textAt(value, 'digestS3Object') !== undefined && textAt(value, 'digestStartTime') !== undefined)
    return 'record';
  return undefined;
}

function searchEnvelope(envelope: JsonObject, path: string, envelopes: number): FoundRecord {
  const list = recordListOf(envelope);
  if (list !== undefined) return search(envelope[list], join(path, list), envelopes - 1);
  let refusal: Refusal | undefined;
  for (const [name, read] of CARRIERS) {
    const carried = read(envelope);
    if (carried === undefined || carried === null) continue;
    const found = search(carried, join(path, name), envelopes - 1);
    if (found.ok) return found;
    refusal = moreTelling(refusal, found.refusal);
  }
  const parsed = recordOfElasticDocument(envelope);
  if (parsed !== undefined) return { ok: true, source: parsed };
  const nested = searchTargets(envelope);
  if (nested !== undefined) return nested;
  return refusal === undefined ? refused('not_cloudtrail', path) : { ok: false, refusal };
}

/** The key of what holds records, whatever else the envelope has. */
function recordListOf(envelope: JsonObject): string | undefined {
  for (const name of RECORDS) {
    const records = envelope[name];
    if (isObject(records) || Array.isArray(records)) return name;
  }
  return isLookedUp(envelope[LOOKED_UP]) ? LOOKED_UP : undefined;
}

function isLookedUp(events: unknown): boolean {
  return Array.isArray(events) && isObject(events[0]) && textAt(events[0], 'CloudTrailEvent') !== undefined;
}

/**
 * A json filter's `target` may have any name: an object one level down that is a record itself. So may the key of a
 * hash in the http filter's `body`, which makes JSON text of that object.
 */
function searchTargets(envelope: JsonObject): FoundRecord | undefined {
  let texts = 0;
  for (const key in envelope) {
    const value = own(envelope, key);
    if (isObject(value) && recognise(value) === 'record') return { ok: true, source: value };
    if (typeof value !== 'string' || !value.startsWith('{') || ++texts > MAX_TEXT_TARGETS) continue;
    const found = searchText(value, key, 1);
    if (found.ok) return found;
  }
  return undefined;
}

function searchText(text: string, path: string, envelopes: number): FoundRecord {
  const trimmed = text.trim();
  if (isReference(trimmed)) return refused('unresolved_reference', path);
  const first = trimmed.charCodeAt(0);
  if (envelopes === 0 || (first !== OPEN_BRACE && first !== OPEN_BRACKET && first !== QUOTE)) {
    return refused('not_cloudtrail', path);
  }
  const parsed = parseWithinLimits(trimmed);
  return typeof parsed === 'string' ? refused(parsed, path) : search(parsed.value, path, envelopes - 1);
}

function searchList(list: readonly unknown[], path: string, envelopes: number): FoundRecord {
  if (list.length > 1) return refused('several_records', path);
  return list.length === 1 && envelopes > 0
    ? search(list[0], `${path}[0]`, envelopes - 1)
    : refused('not_cloudtrail', path);
}

/** That a carrier held something broken or too much says more than that it held nothing. */
function moreTelling(known: Refusal | undefined, next: Refusal): Refusal {
  return known === undefined || known.code === 'not_cloudtrail' ? next : known;
}

/** Firehose hands over base64 of JSON text: `eyJ` is `{"`, `eyA`/`ewo` are `{` with white space. */
function decodedData(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('e')) return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return text.startsWith('{') ? text : undefined;
}

/** Logstash leaves `%{field}` in place, literally, where an event has no such field. */
export function isReference(text: string): boolean {
  return text.charCodeAt(0) === PERCENT && text.startsWith('%{') && text.endsWith('}');
}

function refused(code: RefusalCode, path = ''): FoundRecord {
  return { ok: false, refusal: path === '' ? { code } : { code, path } };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

const BYTE_ORDER_MARK = 0xfeff;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const QUOTE = 0x22;
const PERCENT = 0x25;
