import { isObject, own } from '../event/json.ts';

/**
 * Where the answers of the AWS CLI hold a policy document, as an object or as JSON text.
 * AWS CLI Command Reference: iam get-policy-version; iam get-user-policy, get-role-policy and get-group-policy;
 * s3api get-bucket-policy and dynamodb get-resource-policy; secretsmanager get-resource-policy;
 * glue get-resource-policy.
 */
const PLACES: readonly (readonly string[])[] = [
  ['PolicyVersion', 'Document'],
  ['PolicyDocument'],
  ['Policy'],
  ['ResourcePolicy'],
  ['PolicyInJson'],
];

/** The text of the policy document in what the AWS CLI printed; the text itself where it is no such answer. */
export function policyInAnswer(text: string): string {
  const answer = parsed(text);
  if (!isObject(answer) || Object.hasOwn(answer, 'Statement')) return text;
  for (const place of PLACES) {
    let found: unknown = answer;
    for (const key of place) found = isObject(found) ? own(found, key) : undefined;
    if (typeof found === 'string') return found;
    if (isObject(found)) return JSON.stringify(found);
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
