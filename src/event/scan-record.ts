import type { Problem } from '../errors.ts';
import type { CloudTrailRecord, RecordKind, UserIdentity } from './cloudtrail-record.ts';
import { booleanOf, type JsonObject } from './json.ts';
import { LONG_TEXT } from './json-limits.ts';
import { kindOfType, type ParsedRecord, parseRecordText } from './parse-record.ts';
import {
  endOf,
  FIELD,
  FIRST,
  firstOf,
  isEmptyText,
  keptIdentity,
  keptTextOf,
  loadBytes,
  mayBeReference,
  scanFields,
  startOf,
  textOf,
  usualTime,
} from './record-scanner.ts';
import { parseTime } from './time.ts';
import { NOBODY, parseUserIdentity } from './user-identity.ts';

/** The record in a request's body, or in one element of a stream; `bytes` is not to be written to afterwards. */
export function parseRecordBytes(bytes: Buffer): ParsedRecord {
  return scanRecord(bytes) ?? parseRecordText(bytes.toString());
}

/**
 * The record in the bytes of one JSON object, where it is as CloudTrail writes it: what parseRecordText answers of the
 * same text. What is an object there is parsed when it is first asked for, and of most events it never is
 * (docs/decisions/0016). `undefined` where anything is unusual: a fault, an envelope, a letter that is no ASCII.
 */
export function scanRecord(bytes: Buffer): ParsedRecord | undefined {
  // In a shorter text there is no limit to be exceeded but that of its depth, which the scanner has too.
  if (bytes.length > LONG_TEXT) return undefined;
  loadBytes(bytes, 0);
  const end = scanFields(0);
  return end !== 0 && isBlankFrom(bytes, end) ? scannedRecord(bytes) : undefined;
}

/** The record of the fields that were scanned last, where it is a usual one. */
export function scannedRecord(bytes: Buffer): ParsedRecord | undefined {
  isUsual = true;
  const record = new ScannedRecord(bytes);
  return isUsual ? { ok: true, record, problems: [] } : undefined;
}

function isBlankFrom(bytes: Buffer, start: number): boolean {
  for (let at = start; at < bytes.length; at++) if (!isBlank(bytes[at])) return false;
  return true;
}

/** JSON's white space. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether all fields of the record that is being read are such as can be taken as they are. */
let isUsual = true;

class ScannedRecord implements CloudTrailRecord {
  readonly eventTime: number | undefined;
  readonly eventSource: string | undefined;
  readonly eventName: string | undefined;
  readonly eventType: string | undefined;
  readonly awsRegion: string | undefined;
  readonly recipientAccountId: string | undefined;
  readonly eventId: string | undefined;
  readonly sharedEventId: string | undefined;
  readonly sourceIpAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly errorCode: string | undefined;
  readonly vpcEndpointId: string | undefined;
  readonly vpcEndpointAccountId: string | undefined;
  readonly sessionCredentialFromConsole: boolean;
  readonly userIdentity: UserIdentity;
  readonly kind: RecordKind;
  readonly #requestId: Unread | undefined;
  readonly #requestParameters: Unread | undefined;
  readonly #responseElements: Unread | undefined;
  readonly #additionalEventData: Unread | undefined;
  readonly #serviceEventDetails: Unread | undefined;

  /** Of the fields that were scanned last. */
  constructor(bytes: Buffer) {
    this.eventTime = timeField();
    this.eventSource = nameField(FIELD.eventSource);
    this.eventName = nameField(FIELD.eventName);
    this.eventType = keptField(FIELD.eventType);
    this.awsRegion = keptField(FIELD.awsRegion);
    this.recipientAccountId = keptField(FIELD.recipientAccountId);
    this.eventId = textField(FIELD.eventID) ?? textField(FIELD.eventId);
    this.sharedEventId = textField(FIELD.sharedEventID);
    this.sourceIpAddress = keptField(FIELD.sourceIPAddress) ?? keptField(FIELD.sourceIpAddress);
    this.userAgent = keptField(FIELD.userAgent);
    this.errorCode = keptField(FIELD.errorCode);
    this.vpcEndpointId = keptField(FIELD.vpcEndpointId);
    this.vpcEndpointAccountId = keptField(FIELD.vpcEndpointAccountId);
    this.sessionCredentialFromConsole = booleanField(FIELD.sessionCredentialFromConsole);
    this.userIdentity = identityField();
    this.kind = kindOfFields(this.eventType);
    this.#requestId = unreadText(FIELD.requestID, bytes) ?? unreadText(FIELD.requestId, bytes);
    this.#requestParameters = unreadObject(FIELD.requestParameters, bytes);
    this.#responseElements = unreadObject(FIELD.responseElements, bytes);
    this.#additionalEventData = unreadObject(FIELD.additionalEventData, bytes);
    this.#serviceEventDetails = unreadObject(FIELD.serviceEventDetails, bytes);
  }

  get requestId(): string | undefined {
    return this.#requestId?.text;
  }

  get requestParameters(): JsonObject | undefined {
    return this.#requestParameters?.object;
  }

  get responseElements(): JsonObject | undefined {
    return this.#responseElements?.object;
  }

  get additionalEventData(): JsonObject | undefined {
    return this.#additionalEventData?.object;
  }

  get serviceEventDetails(): JsonObject | undefined {
    return this.#serviceEventDetails?.object;
  }
}

/** A value that is there, but not parsed yet. */
class Unread {
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  #object: JsonObject | undefined;

  constructor(id: number, bytes: Buffer) {
    this.#bytes = bytes;
    this.#start = startOf(id);
    this.#end = endOf(id);
  }

  get text(): string {
    return this.#bytes.toString('latin1', this.#start, this.#end);
  }

  get object(): JsonObject {
    this.#object ??= JSON.parse(this.text) as JsonObject;
    return this.#object;
  }
}

/** Whether a field holds a text; one that is neither that nor absent makes the record unusual. */
function isText(id: number): boolean {
  const first = firstOf(id);
  if (first === FIRST.absent || first === FIRST.null || isEmptyText(id)) return false;
  if (first === FIRST.quote && !mayBeReference(id)) return true;
  isUsual = false;
  return false;
}

function textField(id: number): string | undefined {
  return isText(id) ? textOf(id) : undefined;
}

function keptField(id: number): string | undefined {
  return isText(id) ? keptTextOf(id) : undefined;
}

/** Without it there is no record; and what S3 sends of its buckets has one too. */
function nameField(id: number): string | undefined {
  const name = keptField(id);
  if (name === undefined || name === 'aws:s3') isUsual = false;
  return name;
}

function timeField(): number | undefined {
  const usual = usualTime();
  if (!Number.isNaN(usual)) return usual;
  const text = textField(FIELD.eventTime);
  const time = text === undefined ? undefined : parseTime(text);
  if (time === undefined) isUsual = false;
  return time;
}

function booleanField(id: number): boolean {
  const first = firstOf(id);
  if (first === FIRST.true || first === FIRST.false) return first === FIRST.true;
  return isText(id) && booleanOf(textOf(id)) === true;
}

function identityField(): UserIdentity {
  return isObject(FIELD.userIdentity) ? (keptIdentity(parseIdentity) ?? NOBODY) : NOBODY;
}

function parseIdentity(json: string): UserIdentity | undefined {
  const problems: Problem[] = [];
  const identity = parseUserIdentity(JSON.parse(json), problems);
  if (problems.length === 0) return identity;
  isUsual = false;
  return undefined;
}

function kindOfFields(eventType: string | undefined): RecordKind {
  const kind = kindOfType(eventType, keptField(FIELD.eventCategory));
  if (kind === undefined) isUsual = false;
  return kind ?? 'api_call';
}

function unreadText(id: number, bytes: Buffer): Unread | undefined {
  return isText(id) ? new Unread(id, bytes) : undefined;
}

function unreadObject(id: number, bytes: Buffer): Unread | undefined {
  return isObject(id) ? new Unread(id, bytes) : undefined;
}

/** Whether a field holds an object; one that is neither that nor absent makes the record unusual. */
function isObject(id: number): boolean {
  const first = firstOf(id);
  if (first === FIRST.brace) return true;
  if (first !== FIRST.absent && first !== FIRST.null && !isEmptyText(id)) isUsual = false;
  return false;
}
