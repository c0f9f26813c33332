import { type PlainValue, type Plugin, plainValue } from '../../scripts/logstash/config.ts';
import { interpolateBody, type LogstashEvent, setField, tagEvent } from './event.ts';
import { type ClientResult, type HttpFilterClient, httpFilterClient } from './http-filter-client.ts';
import type { RawResponse } from './http-response.ts';

/** One http filter of a pipeline: sends what its settings say of an event, and puts the answer into it. */
export interface HttpFilter {
  apply(event: LogstashEvent): Promise<void>;
  readonly client: HttpFilterClient;
}

export type Settings = { readonly [option: string]: PlainValue };

export function settingsOf(plugin: Plugin): Settings {
  return Object.fromEntries(plugin.attributes.map(({ name, value }) => [name, plainValue(value)]));
}

/** `variables` stands for Logstash's environment. */
export function httpFilter(settings: Settings, variables: { readonly [name: string]: string }): HttpFilter {
  const user = settings['user'];
  const client = httpFilterClient({
    url: replaceVariables(String(settings['url']), variables),
    verb: String(settings['verb'] ?? 'GET'),
    contentType: settings['body_format'] === 'json' ? 'application/json' : 'text/plain',
    cookies: settings['cookies'] !== 'false',
    keepalive: settings['keepalive'] !== 'false',
    retryNonIdempotent: settings['retry_non_idempotent'] === 'true',
    socketTimeoutSeconds: Number(settings['socket_timeout'] ?? 10),
    connectTimeoutSeconds: Number(settings['connect_timeout'] ?? 10),
    ...(user === undefined ? {} : { user: String(user), password: String(settings['password']) }),
  });
  return {
    client,
    async apply(event) {
      const body = bodyText(event, settings);
      const result: ClientResult = body.ok ? await client.send(body.text) : body;
      applyResult(event, result, settings);
    },
  };
}

function replaceVariables(text: string, variables: { readonly [name: string]: string }): string {
  return text.replaceAll(/\$\{(\w+)(?::([^}]*))?\}/g, (_reference, name: string, fallback?: string) => {
    const value = variables[name] ?? fallback;
    if (value === undefined) throw new Error(`the variable ${name} is not set, and has no default`);
    return value;
  });
}

type BodyText = { readonly ok: true; readonly text: string | undefined } | (ClientResult & { ok: false });

export function bodyText(event: LogstashEvent, settings: Settings): BodyText {
  const body = settings['body'];
  if (body === undefined) return { ok: true, text: undefined };
  const made = interpolateBody(event, body);
  if (typeof made !== 'object') return { ok: true, text: String(made) };
  if (settings['body_format'] === 'json') return { ok: true, text: JSON.stringify(made) };
  return { ok: false, error: "undefined method `encoding' for a hash: nothing is sent" };
}

/** What the filter makes of an answer. A 204 stops the whole pipeline where the plugin is older than 1.5.1. */
export function applyResult(event: LogstashEvent, result: ClientResult, settings: Settings): void {
  if (!result.ok || result.response.status < 200 || result.response.status > 299) {
    tagEvent(event, tagsOf(settings['tag_on_request_failure'], '_httprequestfailure'));
    return;
  }
  const { response } = result;
  if (response.status === 204) throw new Error('the pipeline stops');
  setField(event, String(settings['target_headers'] ?? DEFAULT_TARGET_HEADERS), response.headers);
  const parsed = parsedBody(response);
  if (parsed.ok) setField(event, String(settings['target_body']), parsed.value);
  else tagEvent(event, tagsOf(settings['tag_on_json_failure'], '_jsonparsefailure'));
}

function parsedBody(response: RawResponse): { readonly ok: boolean; readonly value?: unknown } {
  if (mediaTypeOf(response) !== 'application/json') return { ok: true, value: strippedText(response) };
  const text = response.body.toString('utf8');
  if (text === '') return { ok: true, value: null };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

const DEFAULT_TARGET_HEADERS = '[@metadata][filter][http][response][headers]';

function tagsOf(setting: PlainValue | undefined, fallback: string): string[] {
  return setting === undefined ? [fallback] : [setting].flat().map(String);
}

/** Compared exactly: `Application/JSON` is another. */
function mediaTypeOf({ headers }: RawResponse): string {
  return String(headers['content-type'] ?? '').split(';')[0] ?? '';
}

/** Without a charset the bytes are taken for ISO-8859-1. */
function strippedText({ headers, body }: RawResponse): string {
  const isUtf8 = /charset=utf-8/i.test(String(headers['content-type'] ?? ''));
  return body.toString(isUtf8 ? 'utf8' : 'latin1').trim();
}
