import { mulberry32 } from '../../harness/mulberry32.ts';
import { ACCOUNT, AGENTS, type Role } from './account.ts';
import { letters, pick, type Random, uuid } from './values.ts';

/** What is issued for a role: the credentials of records until they expire. */
export interface Session {
  readonly role: Role;
  readonly roleId: string;
  readonly name: string;
  readonly accessKeyId: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly expires: number;
  readonly region: string;
  readonly address: string;
  readonly endpoint: string | undefined;
}

/** Services that assume the roles of the account for what runs in them. */
export const SERVICES: Partial<Record<Role['issuer'], string>> = {
  lambda: 'lambda.amazonaws.com',
  ec2: 'ec2.amazonaws.com',
  ecs: 'ecs-tasks.amazonaws.com',
  glue: 'glue.amazonaws.com',
  pod: 'pods.eks.amazonaws.com',
};

const HOUR = 3600;
const LASTS: Partial<Record<Role['issuer'], number>> = {
  lambda: 12 * HOUR,
  ec2: 6 * HOUR,
  ecs: 6 * HOUR,
  sso: 12 * HOUR,
};
const FUNCTIONS: Record<string, string> = {
  'orders-lambda-role': 'orders-api',
  'thumbnail-lambda-role': 'thumbnail-maker',
  'billing-export-lambda-role': 'billing-export',
  'webhook-lambda-role': 'webhook-receiver',
  'housekeeping-lambda-role': 'housekeeping',
};
const PEOPLE = ['ana.costa', 'joris.meer', 'li.wen', 'omar.haddad', 'sara.lind', 'tom.byrne'];

/** The ids of roles do not change, so they come from their names. */
export function roleIdOf(role: string): string {
  const seed = [...role].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  return `AROA${letters(mulberry32(seed), 'upper', 10)}EXAMPLE`;
}

export function accessKeyId(random: Random, start: 'ASIA' | 'AKIA'): string {
  return `${start}${letters(random, 'upper', 9)}EXAMPLE`;
}

export function roleArn(role: Role): string {
  const path =
    role.issuer === 'linked'
      ? `aws-service-role/${role.service}/`
      : role.issuer === 'sso'
        ? 'aws-reserved/sso.amazonaws.com/eu-west-1/'
        : '';
  return `arn:aws:iam::${role.account ?? ACCOUNT}:role/${path}${role.name}`;
}

export function sessionOf(role: Role, created: number, random: Random): Session {
  const inside = role.issuer === 'ec2' || role.issuer === 'ecs' || role.issuer === 'pod' || random() < 0.2;
  return {
    role,
    roleId: roleIdOf(role.name),
    name: sessionName(role, created, random),
    accessKeyId: accessKeyId(random, role.issuer === 'user' ? 'AKIA' : 'ASIA'),
    created,
    expires: created + (LASTS[role.issuer] ?? HOUR),
    region: random() < 0.85 ? 'eu-west-1' : 'us-east-1',
    address: inside && role.issuer !== 'sso' ? insideAddress(random) : outsideAddress(role, random),
    endpoint: inside && random() < 0.6 ? `vpce-0${letters(random, 'hex', 16)}` : undefined,
  };
}

function sessionName(role: Role, created: number, random: Random): string {
  const of: Partial<Record<Role['issuer'], () => string>> = {
    lambda: () => FUNCTIONS[role.name] ?? role.name,
    ec2: () => `i-0${letters(random, 'hex', 16)}`,
    ecs: () => letters(random, 'hex', 32),
    glue: () => 'GlueJobRunnerSession',
    pod: () => `eks-platform-prod-reporting-${uuid(random)}`,
    irsa: () => `botocore-session-${created}`,
    github: () => 'GitHubActions',
    linked: () => 'SLRSession',
    partner: () => 'inventory',
    sso: () => `${pick(random, PEOPLE)}@example.com`,
  };
  return (of[role.issuer] ?? (() => `${role.name}-${created}`))();
}

function insideAddress(random: Random): string {
  return `10.20.${Math.floor(random() * 60)}.${4 + Math.floor(random() * 246)}`;
}

function outsideAddress(role: Role, random: Random): string {
  const last = 1 + Math.floor(random() * 250);
  if (role.issuer !== 'sso') return `${pick(random, ['198.51.100', '203.0.113'])}.${last}`;
  return random() < 0.3 ? `2001:db8:52:${letters(random, 'hex', 4)}::${last}` : `192.0.2.${last}`;
}

export function agentOf(session: Session, api: string, command: string): string {
  const text = AGENTS[session.role.agent].replace('{api}', api).replace('{command}', command);
  // S3 puts its clients in brackets.
  return api === 's3' ? `[${text}]` : text;
}

/** Older versions have an empty object where nobody federated, newer ones have nothing. */
export function identityOf(session: Session, eventVersion: string, invokedBy?: string): object {
  const { role, name, accessKeyId } = session;
  const accountId = role.account ?? ACCOUNT;
  if (role.issuer === 'user') {
    const principalId = roleIdOf(role.name).replace('AROA', 'AIDA');
    const arn = callerArn(session);
    return { type: 'IAMUser', principalId, arn, accountId, accessKeyId, userName: role.name, invokedBy };
  }
  return {
    type: 'AssumedRole',
    principalId: `${session.roleId}:${name}`,
    arn: callerArn(session),
    accountId,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: session.roleId,
        arn: roleArn(role),
        accountId,
        userName: role.name,
      },
      webIdFederationData: federation(session, eventVersion),
      attributes: { creationDate: iso(session.created), mfaAuthenticated: 'false' },
      sourceIdentity: role.issuer === 'role' ? 'deploy' : undefined,
      ec2RoleDelivery: role.issuer === 'ec2' ? '2.0' : undefined,
    },
    invokedBy,
    inScopeOf: eventVersion === '1.11' ? scope(session) : undefined,
  };
}

export function callerArn({ role, name }: Session): string {
  const account = role.account ?? ACCOUNT;
  if (role.issuer === 'user') return `arn:aws:iam::${account}:user/${role.name}`;
  return `arn:aws:sts::${account}:assumed-role/${role.name}/${name}`;
}

function federation({ role }: Session, eventVersion: string): object | undefined {
  const provider = WEB_IDENTITIES[role.issuer]?.provider;
  if (provider !== undefined) return { federatedProvider: providerArn(provider), attributes: {} };
  return eventVersion === '1.08' ? {} : undefined;
}

/** Who vouches for the sessions that a token of the web starts. */
export const WEB_IDENTITIES: Partial<
  Record<Role['issuer'], { readonly provider: string; readonly subject: string }>
> = {
  irsa: {
    provider: 'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789EXAMPL',
    subject: 'system:serviceaccount:platform:',
  },
  github: {
    provider: 'token.actions.githubusercontent.com',
    subject: 'repo:example/shop:environment:',
  },
};

export function providerArn(provider: string): string {
  return `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider}`;
}

function scope({ role, name, region }: Session): object | undefined {
  if (role.issuer === 'lambda') {
    return {
      issuerType: 'AWS::Lambda::Function',
      credentialsIssuedTo: `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`,
    };
  }
  if (role.issuer !== 'ec2') return undefined;
  const credentialsIssuedTo = `arn:aws:ec2:${region}:${ACCOUNT}:instance/${name}`;
  return { issuerType: 'AWS::EC2::Instance', credentialsIssuedTo };
}

export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** `Mar 10, 2026, 9:30:00 AM`, as services of Java write times. */
export function longTime(seconds: number): string {
  return new Date(seconds * 1000)
    .toLocaleString('en-US', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'medium' })
    .replace('\u202f', ' ');
}
