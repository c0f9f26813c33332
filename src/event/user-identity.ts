import { type Problem, problem } from '../errors.ts';
import type { SessionIssuer, UserIdentity } from './cloudtrail-record.ts';
import { type JsonObject, plainText } from './json.ts';
import { objectOf, textOf } from './record-fields.ts';
import { sessionKeyOf } from './session-key.ts';
import { parseTime } from './time.ts';

/** User Guide, "CloudTrail userIdentity element". Records of anonymous and of early service calls have none. */
export function parseUserIdentity(source: JsonObject | undefined, problems: Problem[]): UserIdentity {
  if (source === undefined) return NOBODY;
  const context = objectOf(source['sessionContext'], 'userIdentity.sessionContext', problems);
  const attributes =
    context && objectOf(context['attributes'], 'userIdentity.sessionContext.attributes', problems);
  const federation =
    context &&
    objectOf(context['webIdFederationData'], 'userIdentity.sessionContext.webIdFederationData', problems);
  const onBehalfOf = objectOf(source['onBehalfOf'], 'userIdentity.onBehalfOf', problems);
  const identity = {
    type: textOf(source['type'], 'userIdentity.type', problems),
    principalId: textOf(source['principalId'], 'userIdentity.principalId', problems),
    arn: textOf(source['arn'], 'userIdentity.arn', problems),
    accountId: textOf(source['accountId'], 'userIdentity.accountId', problems),
    accessKeyId: textOf(source['accessKeyId'], 'userIdentity.accessKeyId', problems),
    userName: textOf(source['userName'], 'userIdentity.userName', problems),
    invokedBy: textOf(source['invokedBy'], 'userIdentity.invokedBy', problems),
    signInSessionArn: plainText(context?.['signInSessionArn']) ?? plainText(source['signInSessionArn']),
    sessionIssuer: context && parseIssuer(context, problems),
    sessionCreationDate: creationDate(attributes, problems),
    sessionKey: undefined as string | undefined,
    sourceIdentity: plainText(context?.['sourceIdentity']),
    ec2RoleDelivery: plainText(context?.['ec2RoleDelivery']) ?? plainText(attributes?.['ec2RoleDelivery']),
    federatedProvider: plainText(federation?.['federatedProvider']),
    onBehalfOfUserId: plainText(onBehalfOf?.['userId']),
    identityStoreArn: plainText(onBehalfOf?.['identityStoreArn']),
    inScopeOf: objectOf(source['inScopeOf'], 'userIdentity.inScopeOf', problems),
  };
  identity.sessionKey = sessionKeyOf(identity.principalId, identity.sessionCreationDate);
  return identity;
}

function parseIssuer(context: JsonObject, problems: Problem[]): SessionIssuer | undefined {
  const issuer = objectOf(context['sessionIssuer'], 'userIdentity.sessionContext.sessionIssuer', problems);
  if (issuer === undefined) return undefined;
  return {
    type: plainText(issuer['type']),
    principalId: plainText(issuer['principalId']),
    arn: plainText(issuer['arn']),
    accountId: plainText(issuer['accountId']),
    userName: plainText(issuer['userName']),
  };
}

function creationDate(attributes: JsonObject | undefined, problems: Problem[]): number | undefined {
  const text = plainText(attributes?.['creationDate']);
  if (text === undefined) return undefined;
  const time = parseTime(text);
  if (time === undefined)
    problems.push(problem('bad_time', 'userIdentity.sessionContext.attributes.creationDate'));
  return time;
}

export const NOBODY: UserIdentity = {
  type: undefined,
  principalId: undefined,
  arn: undefined,
  accountId: undefined,
  accessKeyId: undefined,
  userName: undefined,
  invokedBy: undefined,
  signInSessionArn: undefined,
  sessionIssuer: undefined,
  sessionCreationDate: undefined,
  sessionKey: undefined,
  sourceIdentity: undefined,
  ec2RoleDelivery: undefined,
  federatedProvider: undefined,
  onBehalfOfUserId: undefined,
  identityStoreArn: undefined,
  inScopeOf: undefined,
};
