import { parseArn } from '../../event/arn.ts';
import type { PolicyEventRule } from '../../tables/policy-events.ts';
import type { CallFacts } from './call-facts.ts';
import type { FoundPolicy } from './find-policy.ts';

/** Where a policy is remembered: by its ARN if it has one, else by whom or what it is for. */
export function policyKey(found: FoundPolicy): string | undefined {
  const { account, rule, arn, name, subject } = found;
  if (arn !== undefined) return arnKey(arn);
  if (subject === undefined) return undefined;
  if (rule.kind === 'trust') return trustKey(account, subject);
  if (rule.kind === 'resource') return resourceKey(found, rule, subject, name);
  return inlineKey(account, subject, name);
}

function inlineKey(account: string | undefined, subject: string, name: string | undefined): string {
  return `inline ${account ?? ''} ${subject} ${name ?? ''}`;
}

/** The key of an inline policy once its holder has another name; any other key stays as it is. */
export function renamedKey(key: string, account: string | undefined, from: string, to: string): string {
  const old = inlineKey(account, from, undefined);
  return key.startsWith(old) ? inlineKey(account, to, key.slice(old.length)) : key;
}

/** `policy` is the name of one policy among several that a resource of its kind can have. */
export function resourceKey(
  call: CallFacts,
  rule: PolicyEventRule,
  subject: string,
  policy?: string,
): string {
  const name = rule.subject?.orArn ? withoutArn(subject, rule.subject.type, call) : subject;
  const which = policy === undefined ? name : `${name} ${policy}`;
  return `resource ${call.account ?? ''} ${call.region ?? ''} ${rule.eventSource} ${which}`;
}

/** One key or secret has one memory, whether it is called by its name or by the ARN of the own account and Region. */
function withoutArn(subject: string, type: string, { account, region }: CallFacts): string {
  const arn = parseArn(subject);
  if (arn === undefined || arn.account !== account || arn.region !== region) return subject;
  const [own, name] = [arn.resource.slice(0, type.length), arn.resource.slice(type.length + 1)];
  if (own !== type || name === '') return subject;
  return `${type}/${type === 'secret' ? name.replace(SECRET_SUFFIX, '') : name}`;
}

/** Secrets Manager User Guide, "What's in a secret?": a hyphen and six characters end the ARN of a secret. */
const SECRET_SUFFIX = /-[A-Za-z0-9]{6}$/;

export function trustKey(account: string | undefined, subject: string): string {
  return `trust ${account ?? ''} ${subject}`;
}

export function arnKey(arn: string): string {
  return `policy ${arn}`;
}

/** The ARN in the key of a managed policy. */
export function arnOfKey(key: string): string | undefined {
  return key.startsWith('policy ') ? key.slice('policy '.length) : undefined;
}

/** What a principal holds: keys of policies, and `group/...`. */
export function holderKey(account: string | undefined, subject: string): string {
  return `holder ${account ?? ''} ${subject}`;
}

/** Who is in a group: users. */
export function membersKey(account: string | undefined, group: string): string {
  return `members ${account ?? ''} ${group}`;
}

/** The names that a user or a group had after this one: `user/...`, `group/...`. */
export function namesKey(account: string | undefined, subject: string): string {
  return `names ${account ?? ''} ${subject}`;
}

/** The boundary of a principal: the key of a policy. */
export function boundaryKey(account: string | undefined, subject: string): string {
  return `boundary ${account ?? ''} ${subject}`;
}

/** Whom a managed policy was ever set to bound; their boundaries say whether it still does. */
export function boundedKey(policy: string): string {
  return `bounded ${policy}`;
}

/** Who holds a managed policy. */
export function holdersKey(arn: string): string {
  return `holders ${arn}`;
}
