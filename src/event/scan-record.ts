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
  keptIdentity,
  keptTextOf,
  loadBytes,
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
    this.eventType = keptTextOf(FIELD.eventType);
    this.awsRegion = keptTextOf(FIELD.awsRegion);
    this.recipientAccountId = keptTextOf(FIELD.recipientAccountId);
    this.eventId = textOf(FIELD.eventID) ?? textOf(FIELD.eventId);
    this.sharedEventId = textOf(FIELD.sharedEventID);
    this.sourceIpAddress = keptTextOf(FIELD.sourceIPAddress) ?? keptTextOf(FIELD.sourceIpAddress);
    this.userAgent = keptTextOf(FIELD.userAgent);
    this.errorCode = keptTextOf(FIELD.errorCode);
    this.vpcEndpointId = keptTextOf(FIELD.vpcEndpointId);
    this.vpcEndpointAccountId = keptTextOf(FIELD.vpcEndpointAccountId);
    this.sessionCredentialFromConsole = booleanField(FIELD.sessionCredentialFromConsole);
    this.userIdentity = identityField();
    this.kind = kindOfFields(this.eventType);
    this.#requestId = unread(FIELD.requestID, bytes) ?? unread(FIELD.requestId, bytes);
    this.#requestParameters = unread(FIELD.requestParameters, bytes);
    this.#responseElements = unread(FIELD.responseElements, bytes);
    this.#additionalEventData = unread(FIELD.additionalEventData, bytes);
    this.#serviceEventDetails = unread(FIELD.serviceEventDetails, bytes);
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

/** Without it there is no record; and what S3 sends of its buckets has one too. */
function nameField(id: number): string | undefined {
  const name = keptTextOf(id);
  if (name === undefined || name === 'aws:s3') isUsual = false;
  return name;
}

function timeField(): number | undefined {
  const usual = usualTime();
  if (!Number.isNaN(usual)) return usual;
  const text = textOf(FIELD.eventTime);
  const time = text === undefined ? undefined : parseTime(text);
  if (time === undefined) isUsual = false;
  return time;
}

function booleanField(id: number): boolean {
  const first = firstOf(id);
  return first === FIRST.quote ? booleanOf(textOf(id)) === true : first === FIRST.true;
}

function identityField(): UserIdentity {
  return firstOf(FIELD.userIdentity) === FIRST.nothing ? NOBODY : (keptIdentity(parseIdentity) ?? NOBODY);
}

function parseIdentity(json: string): UserIdentity | undefined {
  const problems: Problem[] = [];
  const identity = parseUserIdentity(JSON.parse(json), problems);
  if (problems.length === 0) return identity;
  isUsual = false;
  return undefined;
}

function kindOfFields(eventType: string | undefined): RecordKind {
  const kind = kindOfType(eventType, keptTextOf(FIELD.eventCategory));
  if (kind === undefined) isUsual = false;
  return kind ?? 'api_call';
}

function unread(id: number, bytes: Buffer): Unread | undefined {
  return firstOf(id) === FIRST.nothing ? undefined : new Unread(id, bytes);
}
