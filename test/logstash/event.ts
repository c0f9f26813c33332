/** An event of Logstash: its fields, and `@metadata` among them, which no output sees. */
export type LogstashEvent = { [field: string]: unknown };

/** `[a][b]` and `a`, as steps. */
function stepsOf(reference: string): string[] {
  return reference.startsWith('[') ? reference.slice(1, -1).split('][') : [reference];
}

export function getField(event: LogstashEvent, reference: string): unknown {
  let value: unknown = event;
  for (const step of stepsOf(reference)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as LogstashEvent)[step];
  }
  return value;
}

export function setField(event: LogstashEvent, reference: string, value: unknown): void {
  const steps = stepsOf(reference);
  let at = event;
  for (const step of steps.slice(0, -1)) {
    if (typeof at[step] !== 'object' || at[step] === null) at[step] = {};
    at = at[step] as LogstashEvent;
  }
  at[steps.at(-1) ?? ''] = value;
}

/** What was removed; undefined where there was nothing. */
export function removeField(event: LogstashEvent, reference: string): unknown {
  const steps = stepsOf(reference);
  const parent =
    steps.length === 1
      ? event
      : getField(
          event,
          steps
            .slice(0, -1)
            .map((step) => `[${step}]`)
            .join(''),
        );
  if (typeof parent !== 'object' || parent === null) return undefined;
  const last = steps.at(-1) ?? '';
  const value = (parent as LogstashEvent)[last];
  delete (parent as LogstashEvent)[last];
  return value;
}

export function tagEvent(event: LogstashEvent, tags: readonly string[]): void {
  const known = Array.isArray(event['tags']) ? (event['tags'] as unknown[]) : [];
  event['tags'] = [...known, ...tags.filter((tag) => !known.includes(tag))];
}

/** event.to_json: everything but @metadata. */
export function toJson(event: LogstashEvent): string {
  const { '@metadata': _metadata, ...rest } = event;
  return JSON.stringify(rest);
}

/**
 * event.sprintf, as measured: a map becomes its JSON, scalars in a list are joined by commas, maps in a list take
 * the form of Java's toString, and a field that is missing or null leaves the reference as it stands.
 */
export function interpolate(event: LogstashEvent, text: string): string {
  return text.replaceAll(/%\{([^}]+)\}/g, (reference, field: string) => {
    const value = getField(event, field);
    if (value === undefined || value === null) return reference;
    if (Array.isArray(value)) return value.map(javaText).join(',');
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

function javaText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, entry]) => `${key}=${javaText(entry)}`);
  return Array.isArray(value) ? `[${value.map(javaText).join(', ')}]` : `{${entries.join(', ')}}`;
}

/** A body as the http filter makes it: in a hash or a list every reference becomes text, all else stays. */
export function interpolateBody(event: LogstashEvent, body: unknown): unknown {
  if (typeof body === 'string') return interpolate(event, body);
  if (Array.isArray(body)) return body.map((entry) => interpolateBody(event, entry));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, entry]) => [interpolate(event, key), interpolateBody(event, entry)]),
  );
}
