import { type Problem, problem } from '../errors.ts';
import type { SessionIssuer, UserIdentity } from './cloudtrail-record.ts';
import { booleanAt, type JsonObject, textAt } from './json.ts';
import { objectField, textField } from './record-fields.ts';
import { parseTime } from './time.ts';

/** User Guide, "CloudTrail userIdentity element". Records of anonymous and of early service calls have none. */
export function parseUserIdentity(source: JsonObject | undefined, problems: Problem[]): UserIdentity {
  if (source === undefined) return NOBODY;
  const context = objectField(source, 'sessionContext', problems, 'userIdentity.sessionContext');
  const attributes =
    context && objectField(context, 'attributes', problems, 'userIdentity.sessionContext.attributes');
  const federation =
    context &&
    objectField(context, 'webIdFederationData', problems, 'userIdentity.sessionContext.webIdFederationData');
  const onBehalfOf = objectField(source, 'onBehalfOf', problems, 'userIdentity.onBehalfOf');
  return {
    type: textField(source, 'type', problems, 'userIdentity.'),
    principalId: textField(source, 'principalId', problems, 'userIdentity.'),
    arn: textField(source, 'arn', problems, 'userIdentity.'),
    accountId: textField(source, 'accountId', problems, 'userIdentity.'),
    accessKeyId: textField(source, 'accessKeyId', problems, 'userIdentity.'),
    userName: textField(source, 'userName', problems, 'userIdentity.'),
    invokedBy: textField(source, 'invokedBy', problems, 'userIdentity.'),
    identityProvider: textField(source, 'identityProvider', problems, 'userIdentity.'),
    credentialId: textField(source, 'credentialId', problems, 'userIdentity.'),
    signInSessionArn: textAt(context, 'signInSessionArn') ?? textAt(source, 'signInSessionArn'),
    sessionIssuer: context && parseIssuer(context, problems),
    sessionCreationDate: creationDate(attributes, problems),
    mfaAuthenticated: booleanAt(attributes, 'mfaAuthenticated'),
    sourceIdentity: textAt(context, 'sourceIdentity'),
    ec2RoleDelivery: textAt(context, 'ec2RoleDelivery') ?? textAt(attributes, 'ec2RoleDelivery'),
    federatedProvider: textAt(federation, 'federatedProvider'),
    onBehalfOfUserId: textAt(onBehalfOf, 'userId'),
    identityStoreArn: textAt(onBehalfOf, 'identityStoreArn'),
    inScopeOf: objectField(source, 'inScopeOf', problems, 'userIdentity.inScopeOf'),
  };
}

function parseIssuer(context: JsonObject, problems: Problem[]): SessionIssuer | undefined {
  const issuer = objectField(context, 'sessionIssuer', problems, 'userIdentity.sessionContext.sessionIssuer');
  if (issuer === undefined) return undefined;
  return {
    type: textAt(issuer, 'type'),
    principalId: textAt(issuer, 'principalId'),
    arn: textAt(issuer, 'arn'),
    accountId: textAt(issuer, 'accountId'),
    userName: textAt(issuer, 'userName'),
  };
}

function creationDate(attributes: JsonObject | undefined, problems: Problem[]): number | undefined {
  const text = textAt(attributes, 'creationDate');
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined)
    problems.push(problem('bad_time', 'userIdentity.sessionContext.attributes.creationDate'));
  return time;
}

const NOBODY: UserIdentity = {
  type: undefined,
  principalId: undefined,
  arn: undefined,
  accountId: undefined,
  accessKeyId: undefined,
  userName: undefined,
  invokedBy: undefined,
  identityProvider: undefined,
  credentialId: undefined,
  signInSessionArn: undefined,
  sessionIssuer: undefined,
  sessionCreationDate: undefined,
  mfaAuthenticated: undefined,
  sourceIdentity: undefined,
  ec2RoleDelivery: undefined,
  federatedProvider: undefined,
  onBehalfOfUserId: undefined,
  identityStoreArn: undefined,
  inScopeOf: undefined,
};
