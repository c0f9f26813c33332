/** What a caller may do: ask, add to what is remembered, read what is known and remembered, read the metrics. */
export const SCOPES = ['enrich', 'learn', 'read', 'metrics'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
