import { type Static, Type } from '../json-schema.ts';
import { OriginSchema } from './origin-schema.ts';
import { object, optional, text, texts } from './schema-words.ts';

/** The answer to GET /sessions/{accessKeyId}: what is known of one credential without an event that uses it. */
export const SessionSchema = object(
  {
    access_key_id: text('The key that was asked for'),
    origin: OriginSchema,
    uses: optional(
      object(
        {
          first_seen: optional(text('ISO 8601 in UTC')),
          addresses: texts('From where'),
          distinct_ips: Type.Integer({ description: 'How many addresses there were' }),
          from_console: Type.Boolean({ description: 'Whether a use was in the console' }),
        },
        'Uses of the session that were seen',
      ),
    ),
  },
  { title: 'Session' },
);

export type SessionOutput = Static<typeof SessionSchema>;

/** The answer to POST /sessions: what came of a backfill. */
export const LearnedSchema = object({
  records: Type.Integer({ description: 'Records read' }),
  learned: Type.Integer({ description: 'Records that hand out a credential, now remembered' }),
  ignored: Type.Integer({ description: 'Records that hand out none' }),
  failed: Type.Integer({ description: 'Records that could not be read' }),
});

export type LearnedCounts = Static<typeof LearnedSchema>;
