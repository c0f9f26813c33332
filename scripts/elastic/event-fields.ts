import rows from '../../elastic/ecs-fields.json' with { type: 'json' };

/** Types of Elasticsearch; OpenSearch calls `flattened` `flat_object`. */
export type FieldType = 'keyword' | 'ip' | 'date' | 'boolean' | 'long' | 'short' | 'flattened';

/** A field of the event itself: where it comes from in CloudTrail's record, and under what name it is indexed. */
export interface EventField {
  readonly field: string;
  readonly type: FieldType;
  /** Path in the record; nothing where the field is not of the record. */
  readonly from?: string;
  /** Path that is read where the first has nothing. */
  readonly fallback?: string;
  /** What always stands there. */
  readonly value?: string;
  readonly rule?: 'time' | 'arrival' | 'outcome' | 'address' | 'truth' | 'object' | 'without_token';
  readonly reason: string;
}

export const EVENT_FIELDS = rows as readonly EventField[];
