import type { Requester } from '../session/claim.ts';
import type { OriginOutput } from './origin-schema.ts';

export type RequesterOutput = NonNullable<OriginOutput['requester']>;
export type RootOutput = NonNullable<OriginOutput['root']>;

export function composeRequester(requester: Partial<Requester>): RequesterOutput {
  const output: RequesterOutput = {};
  if (requester.type !== undefined) output.type = requester.type;
  if (requester.arn !== undefined) output.arn = requester.arn;
  if (requester.principalId !== undefined) output.principal_id = requester.principalId;
  if (requester.accountId !== undefined) output.account_id = requester.accountId;
  if (requester.accessKeyId !== undefined) output.access_key_id = requester.accessKeyId;
  if (requester.invokedBy !== undefined) output.invoked_by = requester.invokedBy;
  return output;
}

/**
 * Where AWS says whom it handed the requester's credential to, a function or an instance, that is the root.
 * @param address where the chain began, if that is known
 */
export function composeRoot(requester: Partial<Requester>, address: string | undefined): RootOutput {
  const output: RootOutput = {};
  const type = requester.scopeArn === undefined ? requester.type : requester.scopeType;
  const arn = requester.scopeArn ?? requester.arn;
  if (type !== undefined) output.type = type;
  // A federated user and a service have no ARN.
  if (arn !== undefined) output.arn = arn;
  else if (requester.principalId !== undefined) output.principal_id = requester.principalId;
  else if (requester.invokedBy !== undefined) output.invoked_by = requester.invokedBy;
  if (requester.accountId !== undefined) output.account_id = requester.accountId;
  if (requester.accessKeyId !== undefined) output.access_key_id = requester.accessKeyId;
  // The last field: all before it follows from the requester alone (requester-parts.ts).
  if (address !== undefined) output.address = address;
  return output;
}
