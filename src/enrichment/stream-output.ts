/**
 * `enrichment` answers each record with its enrichment; `merged` with the record's own text and a `detrails` field
 * (bytes that are no UTF-8 become U+FFFD), which says why where the record is refused.
 */
export const STREAM_OUTPUTS = ['enrichment', 'merged'] as const;
export type StreamOutput = (typeof STREAM_OUTPUTS)[number];
