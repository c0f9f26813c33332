import { isAccountId } from '../account-id.ts';
import { accountOfArn } from '../event/arn.ts';
import { isObject, own } from '../event/json.ts';
import type { PolicyKind } from '../tables/policy-events.ts';

export interface PrintedPolicy {
  /** The document as text, perhaps percent-encoded, as IAM's API has it. */
  readonly text: string;
  /** What the place that it was found in says of it; undefined where the text is the document itself. */
  readonly kind?: PolicyKind;
  /** Of the resource or the role that it lies on, where its ARN or its registry is printed too. */
  readonly account?: string | undefined;
}

interface Place {
  /** An object or JSON text. */
  readonly document: readonly string[];
  readonly kind: PolicyKind;
  /** Fields that hold an ARN, or an account. */
  readonly owner?: readonly (readonly string[])[];
}

/**
 * Where the AWS CLI prints a policy document. AWS CLI Command Reference: iam get-role; iam get-policy-version; iam
 * get-user-policy, get-role-policy and get-group-policy; organizations describe-policy; sso-admin
 * get-inline-policy-for-permission-set; sns get-topic-attributes and sqs get-queue-attributes; ecr
 * get-repository-policy; get-bucket-policy of s3api, get-policy of lambda, get-key-policy of kms and others;
 * secretsmanager get-resource-policy; glue get-resource-policy. A place that lies in another one comes before it.
 */
const PLACES: readonly Place[] = [
  { document: ['Role', 'AssumeRolePolicyDocument'], kind: 'trust', owner: [['Role', 'Arn']] },
  { document: ['PolicyVersion', 'Document'], kind: 'identity' },
  { document: ['PolicyDocument'], kind: 'identity' },
  { document: ['Policy', 'Content'], kind: 'identity' },
  { document: ['InlinePolicy'], kind: 'identity' },
  {
    document: ['Attributes', 'Policy'],
    kind: 'resource',
    owner: [
      ['Attributes', 'TopicArn'],
      ['Attributes', 'QueueArn'],
    ],
  },
  { document: ['policyText'], kind: 'resource', owner: [['registryId']] },
  { document: ['Policy'], kind: 'resource', owner: [['BackupVaultArn']] },
  { document: ['ResourcePolicy'], kind: 'resource', owner: [['ARN']] },
  { document: ['PolicyInJson'], kind: 'resource' },
];

/** The policy document in what the AWS CLI printed; the text itself where it is no such output. */
export function policyInAwsOutput(text: string): PrintedPolicy {
  const output = parsed(text);
  if (!isObject(output) || Object.hasOwn(output, 'Statement')) return { text };
  for (const { document, kind, owner = [] } of PLACES) {
    const found = at(output, document);
    if (typeof found !== 'string' && !isObject(found)) continue;
    const account = owner.map((path) => accountIn(at(output, path))).find((one) => one !== undefined);
    return { text: typeof found === 'string' ? found : JSON.stringify(found), kind, account };
  }
  return { text };
}

function at(output: unknown, path: readonly string[]): unknown {
  let found = output;
  for (const key of path) found = isObject(found) ? own(found, key) : undefined;
  return found;
}

function accountIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return isAccountId(value) ? value : accountOfArn(value);
}

function parsed(text: string): unknown {
  try {
    // Trimmed of a byte order mark too, as PowerShell writes it.
    return JSON.parse(text.trim());
  } catch {
    return undefined;
  }
}
