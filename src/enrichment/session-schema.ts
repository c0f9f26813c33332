import { type Static, Type } from '../json-schema.ts';
import { OriginSchema } from './origin-schema.ts';

const closed = { additionalProperties: false };

/** The answer to GET /sessions/{accessKeyId}: what is known of one credential without an event that uses it. */
export const SessionSchema = Type.Object(
  {
    access_key_id: Type.String({ description: 'The key that was asked for' }),
    origin: OriginSchema,
    uses: Type.Optional(
      Type.Object(
        {
          first_seen: Type.Optional(Type.String({ description: 'ISO 8601 in UTC' })),
          addresses: Type.Array(Type.String(), { description: 'From where' }),
          distinct_ips: Type.Integer({ description: 'How many addresses there were' }),
          from_console: Type.Boolean({ description: 'Whether a use was in the console' }),
        },
        { ...closed, description: 'Uses of the session that were seen' },
      ),
    ),
  },
  { ...closed, title: 'Session' },
);

export type SessionOutput = Static<typeof SessionSchema>;

/** The answer to POST /sessions: what came of a backfill. */
export const LearnedSchema = Type.Object(
  {
    records: Type.Integer({ description: 'Records read' }),
    learned: Type.Integer({ description: 'Records that hand out a credential, now remembered' }),
    ignored: Type.Integer({ description: 'Records that hand out none' }),
    failed: Type.Integer({ description: 'Records that could not be read' }),
  },
  closed,
);

export type LearnedCounts = Static<typeof LearnedSchema>;
