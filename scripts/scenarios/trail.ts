import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/event/json.ts';
import { withoutApiVersion } from '../../src/tables/call-name.ts';
import type { Expectation, ExpectedEvent, ExpectedStep } from './expectation.ts';
import type { Actor } from './identities.ts';

export interface CallOptions {
  readonly region?: string;
  readonly request?: JsonObject | null;
  readonly response?: JsonObject | null;
  /** `AccessDenied` and the like; IAM then records neither request nor response. */
  readonly error?: string;
  readonly message?: string;
  readonly additional?: JsonObject;
  readonly resources?: readonly JsonObject[];
  readonly readOnly?: boolean;
  readonly eventType?: 'AwsApiCall' | 'AwsConsoleSignIn' | 'AwsServiceEvent';
  readonly isDataEvent?: boolean;
  readonly sharedEventId?: string;
  readonly accountId?: string;
  readonly host?: string;
  /** Seconds since the call before; a few where it is left out. */
  readonly after?: number;
  /** Seconds by which the delivery is later than that of the file the event would have been in. */
  readonly late?: number;
  readonly expect?: Expectation;
  /** In place of what the step expects. */
  readonly expectOnly?: Expectation;
}

interface Delivered {
  readonly record: JsonObject;
  readonly time: number;
  readonly delivery: number;
}

interface OpenStep {
  readonly step: string;
  readonly title: string;
  readonly detections: readonly string[];
  readonly expect: Expectation;
  readonly events: ExpectedEvent[];
}

/** IAM and the sign-in service write all their events in us-east-1, whatever region the client is in. */
const GLOBAL_SERVICES = new Set(['iam', 'organizations', 'cloudfront', 'route53']);
const READ_VERBS = /^(Get|List|Describe|Lookup|Search|AssumeRole|Decrypt|GenerateDataKey)/;

/**
 * Writes records as CloudTrail does, on a clock of its own. Everything is derived from the name of the story and the
 * order of the calls, so that the same story always gives the same file.
 */
export class Trail {
  readonly #name: string;
  readonly #delivered: Delivered[] = [];
  readonly #steps: OpenStep[] = [];
  #clock: number;
  #calls = 0;

  constructor(name: string, start: string) {
    this.#name = name;
    this.#clock = Date.parse(start);
  }

  /** Calls up to the next one belong to this step, and `expect` holds for the answer to each of them. */
  step(step: string, title: string, expect: Expectation, detections: readonly string[] = []): void {
    this.#steps.push({ step, title, detections, expect, events: [] });
  }

  /** Calls up to the next step are the everyday noise of the account: nothing is expected of them. */
  noise(): void {
    this.step('', '', {});
  }

  wait(seconds: number): void {
    this.#clock += seconds * 1000;
  }

  /** Time of the next call that comes `after` seconds from now. */
  now(after = 0): string {
    return iso(this.#clock + after * 1000);
  }

  /** `iam:CreateUser` is written as iam.amazonaws.com and CreateUser. Answers with the eventID. */
  call(actor: Actor, action: string, options: CallOptions = {}): string {
    const number = ++this.#calls;
    this.#clock += (options.after ?? 2 + (this.#hash(`pause ${number}`)[0] as number) / 32) * 1000;
    const eventId = this.uuid(`event ${number}`);
    const record = this.#record(actor, action, options, eventId, this.uuid(`request ${number}`));
    const time = Math.floor(this.#clock / 1000) * 1000;
    this.#delivered.push({
      record,
      time,
      delivery: this.#deliveryOf(record, time) + (options.late ?? 0) * 1000,
    });
    const step = this.#steps.at(-1);
    if (step !== undefined && step.step !== '') {
      const expect = options.expectOnly ?? { ...step.expect, ...options.expect };
      step.events.push({ event_id: eventId, event_name: String(record['eventName']), expect });
    }
    return eventId;
  }

  uuid(of: string): string {
    const hex = this.#hash(of).toString('hex');
    const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** The records in the order in which the pipeline gets them. */
  records(): readonly JsonObject[] {
    return this.#delivered
      .toSorted((a, b) => a.delivery - b.delivery || a.time - b.time)
      .map(({ record }) => record);
  }

  steps(): readonly ExpectedStep[] {
    return this.#steps
      .filter(({ step }) => step !== '')
      .map(({ step, title, detections, events }) => ({ step, title, detections, events }));
  }

  #record(
    actor: Actor,
    action: string,
    options: CallOptions,
    eventID: string,
    requestID: string,
  ): JsonObject {
    const [service, eventName] = action.split(':') as [string, string];
    const region = GLOBAL_SERVICES.has(service) ? 'us-east-1' : (options.region ?? 'us-east-1');
    const isCall = (options.eventType ?? 'AwsApiCall') === 'AwsApiCall';
    return {
      eventVersion: '1.11',
      userIdentity: actor.identity,
      eventTime: iso(this.#clock),
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: region,
      sourceIPAddress: actor.address,
      userAgent: actor.client.replace('{command}', `${service}.${cliName(eventName)}`),
      ...(options.error && { errorCode: options.error }),
      ...(options.message && { errorMessage: options.message }),
      requestParameters: options.request ?? null,
      responseElements: options.response ?? null,
      ...(options.additional && { additionalEventData: options.additional }),
      ...(isCall && { requestID }),
      eventID,
      readOnly: options.readOnly ?? READ_VERBS.test(eventName),
      ...(options.resources && { resources: options.resources }),
      eventType: options.eventType ?? 'AwsApiCall',
      managementEvent: options.isDataEvent !== true,
      recipientAccountId: options.accountId ?? actor.accountId,
      ...(options.sharedEventId && { sharedEventID: options.sharedEventId }),
      eventCategory: options.isDataEvent === true ? 'Data' : 'Management',
      ...(isCall && !isService(actor) && { tlsDetails: tls(actor, options.host ?? hostOf(service, region)) }),
    };
  }

  /** CloudTrail writes a file every five minutes for each account and region, and S3 tells of it minutes later. */
  #deliveryOf(record: JsonObject, time: number): number {
    const stream = this.#hash(`stream ${record['recipientAccountId']} ${record['awsRegion']}`);
    const phase = (stream.readUInt16BE(0) % 120) * 1000;
    const wait = (60 + (stream[2] as number)) * 1000;
    return Math.ceil((time - phase) / FILE_SPAN) * FILE_SPAN + phase + wait;
  }

  #hash(of: string): Buffer {
    return createHash('sha256').update(`${this.#name} ${of}`).digest();
  }
}

const FILE_SPAN = 300_000;

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** IAM's and STS's responses carry times in English, in UTC. */
export function englishTime(isoTime: string, plusSeconds = 0): string {
  const time = new Date(Date.parse(isoTime) + plusSeconds * 1000);
  const parts = {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  } as const;
  return new Intl.DateTimeFormat('en-US', { ...parts, second: '2-digit', timeZone: 'UTC' })
    .format(time)
    .replaceAll('\u202f', ' ');
}

function isService(actor: Actor): boolean {
  return actor.identity['type'] === 'AWSService' || actor.identity['invokedBy'] !== undefined;
}

function hostOf(service: string, region: string): string {
  return GLOBAL_SERVICES.has(service) ? `${service}.amazonaws.com` : `${service}.${region}.amazonaws.com`;
}

function tls(actor: Actor, clientProvidedHostHeader: string): JsonObject {
  return actor.tls === '1.3'
    ? { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader }
    : { tlsVersion: 'TLSv1.2', cipherSuite: 'ECDHE-RSA-AES128-GCM-SHA256', clientProvidedHostHeader };
}

/** ListAttachedUserPolicies -> list-attached-user-policies; Lambda's dated names are plain to its client. */
function cliName(eventName: string): string {
  return withoutApiVersion(eventName)
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
