import { type Finding, textOf } from './check-options.ts';
import { attributeOf, type Plugin, plainValue } from './config.ts';

/** What the http filter that calls Det{R}ails must say; docs/logstash.md gives the reason of each. */
const SETTINGS: { readonly [option: string]: unknown } = {
  verb: 'POST',
  body_format: 'json',
  target_body: '[detrails]',
  retry_non_idempotent: 'true',
  cookies: 'false',
  tag_on_request_failure: ['_detrails_failed'],
  tag_on_json_failure: ['_detrails_badjson'],
};

/** Whether an http filter is the one that calls Det{R}ails. */
export function isEnrichment(filter: Plugin): boolean {
  return filter.name === 'http' && (textOf(filter, 'url')?.includes('/enrich') ?? false);
}

export function checkEnrichment(filter: Plugin): Finding[] {
  const messages = Object.entries(SETTINGS)
    .filter(([option, wanted]) => JSON.stringify(settingOf(filter, option)) !== JSON.stringify(wanted))
    .map(([option, wanted]) => `${option} must be ${JSON.stringify(wanted)}`);
  if (!textOf(filter, 'url')?.endsWith('/enrich')) messages.push('url must end with /enrich');
  if (!/^%\{[^{}]+\}$/.test(textOf(filter, 'body') ?? ''))
    messages.push('body must be one reference, such as "%{message}": a hash makes text of every value');
  if (!textOf(filter, 'target_headers')?.startsWith('[@metadata]'))
    messages.push('target_headers must lie below [@metadata], or the headers are indexed');
  for (const option of ['connect_timeout', 'socket_timeout'])
    if (attributeOf(filter, option) === undefined) messages.push(`${option} must be set`);
  return messages.map((message) => ({ line: filter.line, message: `http to /enrich: ${message}` }));
}

function settingOf(filter: Plugin, option: string): unknown {
  const value = attributeOf(filter, option);
  return value === undefined ? undefined : plainValue(value);
}
