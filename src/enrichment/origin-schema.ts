import { type Static, Type } from '../json-schema.ts';
import { CREDENTIAL_KINDS, EXPIRES_BASES } from '../session/claim.ts';
import { MOST_STEPS } from '../session/lineage.ts';
import { ORIGIN_CONFIDENCES, ORIGIN_JOINS, ORIGIN_STATUSES, UNKNOWN_REASONS } from '../session/origin.ts';
import { MOST_PENDING } from '../session/session-facts.ts';
import { SOURCE_KINDS } from '../session/source-address.ts';
import { BASELINES, SOURCE_SEVERITIES, SOURCE_VERDICTS } from '../session/source-verdicts.ts';
import { object, optional, text, texts } from './schema-words.ts';

const time = (description: string) => text(`${description}, ISO 8601 in UTC`);

const Credential = object(
  {
    kind: Type.Enum([...CREDENTIAL_KINDS], { description: 'How such credentials are obtained' }),
    access_key_id: optional(text('The access key of the event')),
    issued_at: optional(time('When it was issued')),
    expires_at: optional(time('When it expires')),
    expires_basis: optional(Type.Enum([...EXPIRES_BASES], { description: 'What the expiry rests on' })),
    age_seconds: optional(Type.Integer({ description: 'Time of the event less time of issue' })),
    from_console: Type.Boolean({ description: 'Obtained by a console session' }),
  },
  'The credential that the event was signed with',
);

const Issuer = object(
  {
    event_id: optional(text('eventID of the issuance')),
    shared_event_id: optional(text('sharedEventID of the issuance')),
    action: text('What issued it, such as sts:AssumeRole'),
    account_id: optional(text('Account in which it was recorded')),
    region: optional(text('Region in which it was recorded')),
  },
  'The call that issued the credential',
);

const Requester = object(
  {
    type: optional(text('Type of identity')),
    arn: optional(text('ARN')),
    principal_id: optional(text('Unique id')),
    account_id: optional(text('Account')),
    access_key_id: optional(text('Access key that signed the issuing call')),
    invoked_by: optional(text('AWS service that made the issuing call')),
  },
  'Who obtained the credential',
);

const Source = object(
  {
    address: optional(text('As CloudTrail wrote it: an address, a DNS name of AWS, or AWS Internal')),
    ip: optional(text('Where it is an address')),
    kind: optional(Type.Enum([...SOURCE_KINDS], { description: 'What the address is' })),
    user_agent: optional(text('Client')),
    vpc_endpoint_id: optional(text('VPC endpoint')),
  },
  'Where the credential was obtained',
);

const Root = object(
  {
    type: optional(text('Type of identity')),
    arn: optional(text('ARN')),
    principal_id: optional(text('Unique id, where the identity has no ARN (a federated user)')),
    invoked_by: optional(text('Name of the AWS service, where it is one')),
    account_id: optional(text('Account')),
    access_key_id: optional(text('Access key with which the chain began')),
    address: optional(text('Where the chain began')),
  },
  'Who stands at the beginning of the chain',
);

const ChainStep = object(
  {
    arn: optional(text('Who asked')),
    access_key_id: optional(text('Access key that asked')),
    action: text('What was called'),
    issued_at: time('When'),
    address: optional(text('From where')),
    event_id: optional(text('eventID of this issuance')),
  },
  'One issuance',
);

/** The answer's `origin`; docs/session-origin.md says what each value means. */
export const OriginSchema = object(
  {
    status: Type.Enum([...ORIGIN_STATUSES], { description: 'What is known of it' }),
    join: optional(Type.Enum([...ORIGIN_JOINS], { description: 'What led from the event to its origin' })),
    confidence: optional(Type.Enum([...ORIGIN_CONFIDENCES], { description: 'How sure that is' })),
    reason: optional(Type.Enum([...UNKNOWN_REASONS], { description: 'Why its issuance is not told' })),
    credential: optional(Credential),
    issuer: optional(Issuer),
    requester: optional(Requester),
    source: optional(Source),
    source_identity: optional(text('sts:SourceIdentity, which stays the same along a chain')),
    root: optional(Root),
    chain: optional(Type.Array(ChainStep, { maxItems: MOST_STEPS, description: 'Root first' })),
    chain_depth: optional(Type.Integer({ description: 'Issuances between the root and this credential' })),
    chain_complete: optional(Type.Boolean({ description: 'Whether the root is who began it' })),
    conflict: optional(Type.Boolean({ description: 'Whether several requesters are claimed for one key' })),
    late: optional(
      Type.Boolean({ description: 'Used after the expiry, within the five minutes that clocks are allowed' }),
    ),
  },
  'Where the credentials came from',
);

export type OriginOutput = Static<typeof OriginSchema>;

const nullable = (description: string) => Type.Union([Type.Boolean(), Type.Null()], { description });

export const SourceCheckSchema = object(
  {
    verdict: Type.Enum([...SOURCE_VERDICTS], { description: 'See docs/session-origin.md' }),
    anomalous: Type.Boolean({ description: 'Whether the verdict speaks against the use' }),
    severity: Type.Enum([...SOURCE_SEVERITIES], { description: 'How grave the verdict is' }),
    reasons: texts('Why, one sentence each'),
    baseline: optional(Type.Enum([...BASELINES], { description: 'What the source was compared with' })),
    compared: optional(
      object(
        {
          ip: text('Source of this event'),
          against: text('Source it was compared with'),
          ip_equal: Type.Boolean({ description: 'Same source' }),
          same_prefix: nullable('Same /24 or /48; null: no data'),
          asn_equal: nullable('Same autonomous system; null: no data'),
          client_equal: nullable('Same client family, or one seen at the other address; null: no data'),
          vpce_equal: nullable('Same VPC endpoint; null: no data'),
        },
        'The comparison behind the verdict',
      ),
    ),
    first_seen: optional(time('Earliest use known')),
    distinct_ips: optional(Type.Integer({ description: 'Addresses that this session was used from' })),
  },
  'Whether the credentials are still where they were issued',
);

export const IssuedSchema = object(
  {
    access_key_id: optional(text('The key that was handed out')),
    role_arn: optional(text('The role or identity it acts as')),
    expires_at: optional(time('When it expires')),
    pending_event_ids: Type.Array(Type.String(), {
      maxItems: MOST_PENDING,
      description: 'Events that used the key before its issuance was seen: enrich them again',
    }),
    pending_count: Type.Integer({ description: 'How many such events there were' }),
  },
  'What this event handed out',
);
