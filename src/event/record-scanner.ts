import { readFileSync } from 'node:fs';
import type { UserIdentity } from './cloudtrail-record.ts';

/** The fields of a record that are read, by their ids. */
export const FIELD = {
  eventSource: 1,
  eventName: 2,
  eventType: 3,
  eventCategory: 4,
  awsRegion: 5,
  recipientAccountId: 6,
  sourceIPAddress: 7,
  sourceIpAddress: 8,
  userAgent: 9,
  errorCode: 10,
  vpcEndpointId: 11,
  vpcEndpointAccountId: 12,
  userIdentity: 13,
  eventTime: 14,
  eventID: 15,
  eventId: 16,
  requestID: 17,
  requestId: 18,
  sharedEventID: 19,
  sessionCredentialFromConsole: 20,
  requestParameters: 21,
  responseElements: 22,
  additionalEventData: 23,
  serviceEventDetails: 24,
} as const;

/** Up to here they are texts that come again and again: each is one string for all its records, and hashed once. */
const LAST_KEPT = FIELD.vpcEndpointAccountId;
const OBJECTS: ReadonlySet<number> = new Set([
  FIELD.userIdentity,
  FIELD.requestParameters,
  FIELD.responseElements,
  FIELD.additionalEventData,
  FIELD.serviceEventDetails,
]);

/** Kinds of fields, as record-scanner.as has them. */
const KIND = { any: 0, text: 1, object: 2 } as const;

/** The first byte of what a field says; 0 where it says nothing, as null and an empty text do. */
export const FIRST = { nothing: 0, quote: 0x22, true: 0x74 } as const;

/** Some eighteen usual records: what is not usual has loaded them in vain. */
const WINDOW_BYTES = 32 * 1024;

/** What record-scanner.wasm exports; record-scanner.as says what each does. */
interface Scanner {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: { readonly value: number };
  nameRoom(): number;
  addName(length: number, id: number, kind: number): void;
  scan(at: number, end: number, lastText: number, identity: number, time: number): number;
}

/** Of the global that Node has, whose types come with a browser's library only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

function loadScanner(): Scanner {
  const module = new WebAssembly.Module(readFileSync(new URL('record-scanner.wasm', import.meta.url)));
  return new WebAssembly.Instance(module).exports as Scanner;
}

const scanner = loadScanner();
const { scan } = scanner;
const INPUT = scanner.input.value;
const memory = Buffer.from(scanner.memory.buffer);
/** Of each field four words: where its value begins and ends, its first byte, its place among what is kept. */
const words = new Int32Array(scanner.memory.buffer, 0, 4 * (FIELD.serviceEventDetails + 1));

function kindOf(id: number): number {
  if (OBJECTS.has(id)) return KIND.object;
  return id === FIELD.sessionCredentialFromConsole ? KIND.any : KIND.text;
}

for (const [name, id] of Object.entries(FIELD)) {
  memory.write(`"${name}"`, scanner.nameRoom(), 'latin1');
  scanner.addName(name.length, id, kindOf(id));
}

const time = new Float64Array(scanner.memory.buffer, 0, 1);
/** By their places. */
const keptTexts: string[] = [];
const keptIdentities: (UserIdentity | undefined)[] = [];
/** Those of the bytes that were scanned last, by their ids. */
const texts: (string | undefined)[] = Array.from({ length: LAST_KEPT + 1 });

/** What is added to a place in memory to get its place in the bytes that were loaded. */
let offset = 0;
/** Where what was loaded ends in memory. */
let loadedEnd = INPUT;

/**
 * Loads bytes, or as many of them as are looked at together.
 * @param from where the first of them stands
 * @returns where the last of those that were loaded ends
 */
export function loadBytes(bytes: Buffer, from: number): number {
  const end = Math.min(bytes.length, from + WINDOW_BYTES);
  memory.set(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end), INPUT);
  offset = from - INPUT;
  loadedEnd = end - offset;
  return end;
}

/**
 * Finds the fields of the JSON object that begins there, in the bytes that were loaded last; what the functions below
 * say is of that one.
 * @returns where it ends; 0 where there is none, or an unusual one: not all ASCII, more than 40 levels deep, a field
 *   that comes twice, under an escaped name, or with a value of another kind than CloudTrail's
 */
export function scanFields(at: number): number {
  const end = scan(at - offset, loadedEnd, LAST_KEPT, FIELD.userIdentity, FIELD.eventTime);
  if (end === 0) return 0;
  // In the scanner's order: a field may have taken the place of one before it.
  for (let id = 1; id <= LAST_KEPT; id++) texts[id] = takeText(id);
  const place = placeOf(FIELD.userIdentity);
  // What was kept there was another's.
  if (place < 0) keptIdentities[-place] = undefined;
  return end + offset;
}

function takeText(id: number): string | undefined {
  const place = placeOf(id);
  if (place > 0) return keptTexts[place];
  const text = textOf(id);
  if (place < 0) keptTexts[-place] = text as string;
  return text;
}

/** One of FIRST, or any other. */
export function firstOf(id: number): number {
  return words[4 * id + 2] as number;
}

/** The text of a field, where it says something. */
export function textOf(id: number): string | undefined {
  return firstOf(id) === FIRST.nothing ? undefined : sliceOf(id);
}

function sliceOf(id: number): string {
  return memory.toString('latin1', words[4 * id], words[4 * id + 1]);
}

/** Of eventTime, milliseconds since the epoch; NaN where it has not the form that CloudTrail gives it (time.ts). */
export function usualTime(): number {
  return time[0] as number;
}

/** The same of one of those that come again and again. */
export function keptTextOf(id: number): string | undefined {
  return texts[id];
}

/** What `parse` makes of the value of userIdentity, which is an object; once for all records of a session. */
export function keptIdentity(parse: (json: string) => UserIdentity | undefined): UserIdentity | undefined {
  const place = Math.abs(placeOf(FIELD.userIdentity));
  const kept = place === 0 ? undefined : keptIdentities[place];
  if (kept !== undefined) return kept;
  const parsed = parse(sliceOf(FIELD.userIdentity));
  if (place !== 0) keptIdentities[place] = parsed;
  return parsed;
}

/** From 1 on; below 0 where something is kept there from now on; 0 where it is not kept. */
function placeOf(id: number): number {
  return words[4 * id + 3] as number;
}

/** Where the value of a field begins, and where it ends, in the bytes that were loaded. */
export function startOf(id: number): number {
  return (words[4 * id] as number) + offset;
}

export function endOf(id: number): number {
  return (words[4 * id + 1] as number) + offset;
}
