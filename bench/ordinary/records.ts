import { mulberry32 } from '../../harness/mulberry32.ts';
import { ACCOUNT, type Group, OTHER_ACCOUNT, ROLES, VISITORS } from './account.ts';
import calls from './calls.json' with { type: 'json' };
import {
  accessKeyId,
  agentOf,
  callerArn,
  identityOf,
  iso,
  longTime,
  providerArn,
  roleArn,
  roleIdOf,
  SERVICES,
  type Session,
  sessionOf,
  WEB_IDENTITIES,
} from './sessions.ts';
import { deck, idsOf, letters, pick, type Random, uuid, Values } from './values.ts';

/**
 * A kind of call of an ordinary day, in the shape in which CloudTrail writes it. `{name}` stands for a value that a
 * record gets from account.ts or its own; the same name is the same value everywhere in one record.
 */
interface Call {
  /** Service and name of the event. */
  readonly call: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly extra?: unknown;
  /** Types and ARNs, for the account of the caller. */
  readonly resources?: readonly (readonly [string, string])[];
  readonly error?: readonly [string, string?];
  /** A call that a service makes for the caller. */
  readonly via?: string;
  /** A call of a service in its own name, or a service event. */
  readonly service?: string;
  readonly details?: unknown;
  readonly weight?: number;
  readonly writes?: boolean;
  readonly isData?: boolean;
}

/** All kinds of calls but those that issue sessions. */
const CALLS = calls as Record<Group, unknown[]> as Record<Group, readonly Call[]>;

const COUNT = 1200;
const START = Date.UTC(2026, 2, 10, 8, 30) / 1000;

/** Events of each group in a thousand; the rest are issuances of sessions. */
const SHARES: Record<Group, number> = {
  /** Calls on objects in S3. */
  objects: 250,
  /** Calls of KMS, by the callers themselves and by services for them. */
  keys: 150,
  /** What is looked at and listed all day. */
  reads: 212,
  /** Functions called, rows and messages. */
  data: 80,
  /** CloudWatch Logs. */
  logs: 60,
  /** What pages of the console call for the people that look at them. */
  pages: 50,
  /** Deployments, scaling, settings. */
  changes: 42,
  /** Events of services: nobody called. */
  serviceEvents: 10,
  /** Small policies of small roles. */
  policies: 7,
  /** What services do in their own name. */
  services: 19,
};

/** Services that write an older version than 1.11. */
const VERSIONS: Record<string, string> = {
  sts: '1.08',
  ssm: '1.08',
  ec2: '1.10',
  iam: '1.10',
  logs: '1.09',
  cloudformation: '1.09',
  cloudtrail: '1.09',
  route53: '1.09',
};
const API_VERSIONS: Record<string, string> = {
  logs: '20140328',
  dynamodb: '2012-08-10',
  elasticloadbalancing: '2015-12-01',
  route53: '2013-04-01',
};
const GLOBAL = new Set(['iam', 'organizations', 'route53', 'ce', 'health']);
const HOSTS: Record<string, string> = {
  s3: '{bucket}.s3.{region}.amazonaws.com',
  iam: 'iam.amazonaws.com',
  route53: 'route53.amazonaws.com',
  ecr: 'api.ecr.{region}.amazonaws.com',
};
/** These negotiate keys that outlast quantum computers, and say so. */
const HYBRID = new Set(['kms', 'secretsmanager']);
const FAKE_TOKEN = 'EXAMPLE/NOT+A+REAL+SESSION+TOKEN/'.repeat(20);

/** Who calls, and from where. */
interface Caller {
  readonly identity: object;
  readonly address: string;
  readonly agent: string;
  readonly session?: Session;
}

/** About 1,200 records of a morning of an ordinary account, the same ones every time, each as one line of JSON. */
export function ordinaryRecords(): readonly string[] {
  const day = new Day(mulberry32(20260310));
  return day.records();
}

class Day {
  readonly #random: Random;
  readonly #ids: Map<string, string[]>;
  readonly #sessions: Session[];
  readonly #decks: Map<Group, () => Call>;
  /** The busiest sessions are issued anew in the first half hour, so most of what follows has an issuance here. */
  readonly #toStart = Array.from({ length: 40 }, (_, at) => at);
  #now = START;

  constructor(random: Random) {
    this.#random = random;
    this.#ids = idsOf(random);
    this.#sessions = ROLES.flatMap((role) =>
      Array.from({ length: role.sessions }, () =>
        sessionOf(role, START - Math.floor(random() * 1700), random),
      ),
    );
    this.#decks = new Map(
      Object.entries(CALLS).map(([group, calls]) => [
        group as Group,
        deck(
          random,
          calls.flatMap((call) => Array.from({ length: call.weight ?? 1 }, () => call)),
        ),
      ]),
    );
  }

  records(): string[] {
    const groups = Object.entries(SHARES).flatMap(([group, share]) =>
      Array.from({ length: Math.round((share * COUNT) / 1000) }, () => group as Group),
    );
    const issuances = Array.from({ length: COUNT - groups.length }, () => undefined);
    const next = deck(this.#random, [...groups, ...issuances]);
    return Array.from({ length: COUNT }, () => {
      // Events come in bursts.
      this.#now += this.#random() < 0.4 ? 0 : 1 + Math.floor(this.#random() * 14);
      const group = next();
      return group === undefined ? this.#issuance() : this.#called(group);
    });
  }

  #called(group: Group): string {
    const call = (this.#decks.get(group) as () => Call)();
    if (group === 'serviceEvents') return this.#record(call, serviceEvent(call));
    if (call.service !== undefined) return this.#record(call, ofService(call.service));
    return this.#record(call, this.#bySession(this.#sessionThat(group), call));
  }

  /** Some sessions are busier than others. */
  #sessionThat(group: Group): Session {
    const able = this.#sessions.filter(
      ({ role, expires }) => role.does.includes(group) && (role.issuer === 'user' || expires > this.#now),
    );
    if (able.length === 0) throw new Error(`no session is left for ${group}`);
    return able[Math.floor(this.#random() ** 1.7 * able.length)] as Session;
  }

  #bySession(session: Session, call: Call): Caller {
    const [api, name] = split(call);
    const via = call.via ?? (session.role.issuer === 'linked' ? session.role.service : undefined);
    return {
      identity: identityOf(session, versionOf(api), via),
      address: via ?? session.address,
      agent: via ?? agentOf(session, api, kebab(name)),
      session,
    };
  }

  /** A new session in place of one that expires soon, or one that nothing else of this morning comes from. */
  #issuance(): string {
    const first = this.#toStart.shift();
    if (first === undefined && this.#random() < 0.4) return this.#visit();
    const any = () => Math.floor(this.#random() * this.#sessions.length);
    const at = first ?? (this.#random() < 0.75 ? this.#soonest() : any());
    const old = this.#sessions[at] as Session;
    if (old.role.issuer === 'user' || old.role.issuer === 'sso') return this.#visit();
    const session = sessionOf(old.role, this.#now, this.#random);
    this.#sessions[at] = session;
    return this.#issued(session);
  }

  #soonest(): number {
    const ends = this.#sessions.map(({ role, expires }) =>
      role.issuer === 'user' || role.issuer === 'sso' ? Number.POSITIVE_INFINITY : expires,
    );
    return ends.indexOf(Math.min(...ends));
  }

  #visit(): string {
    const [service, name, sessionName] = pick(this.#random, VISITORS);
    const arn = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/${service}/${name}`;
    const call = assume(
      arn,
      sessionName,
      this.#credentials(accessKeyId(this.#random, 'ASIA'), this.#now + 3600),
      {
        assumedRoleId: `${roleIdOf(name)}:${sessionName}`,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${sessionName}`,
      },
    );
    return this.#record(call, ofService(service));
  }

  #credentials(key: string, expires: number): object {
    return { accessKeyId: key, sessionToken: FAKE_TOKEN, expiration: longTime(expires) };
  }

  #issued(session: Session): string {
    const { role } = session;
    const user = { assumedRoleId: `${session.roleId}:${session.name}`, arn: callerArn(session) };
    const credentials = this.#credentials(session.accessKeyId, session.expires);
    if (WEB_IDENTITIES[role.issuer]) return this.#byToken(session, credentials, user);
    const call = assume(roleArn(role), session.name, credentials, user, REQUESTS[role.issuer]);
    const service = role.issuer === 'linked' ? role.service : SERVICES[role.issuer];
    if (service !== undefined) return this.#record(call, ofService(service));
    if (role.issuer === 'partner') return this.#record(call, ofPartner(session));
    return this.#record(call, this.#bySession(this.#sessionThat('policies'), call));
  }

  #byToken(session: Session, credentials: object, assumedRoleUser: object): string {
    const { role, name } = session;
    const { provider, subject } = WEB_IDENTITIES[role.issuer] ?? { provider: '', subject: '' };
    const userName = `${subject}${role.name}`;
    const identityProvider = providerArn(provider);
    const given = { subjectFromWebIdentityToken: userName, assumedRoleUser };
    const call: Call = {
      call: 'sts AssumeRoleWithWebIdentity',
      request: { roleArn: roleArn(role), roleSessionName: name, durationSeconds: 3600 },
      response: { credentials, ...given, provider: identityProvider, audience: 'sts.amazonaws.com' },
      extra: { RequestDetails: SERVED, identityProviderConnectionVerificationMethod: 'IAMTrustStore' },
      resources: [['AWS::IAM::Role', roleArn(role)]],
    };
    const principalId = `${identityProvider}:sts.amazonaws.com:${userName}`;
    const identity = { type: 'WebIdentityUser', principalId, userName, identityProvider };
    const agent = agentOf(session, 'sts', 'assume-role-with-web-identity');
    return this.#record(call, { identity, address: session.address, agent });
  }

  #record(call: Call, caller: Caller): string {
    const [api, eventName] = split(call);
    const { session } = caller;
    const region = GLOBAL.has(api) ? 'us-east-1' : (session?.region ?? 'eu-west-1');
    const account = session?.role.account ?? ACCOUNT;
    const callerName = session && callerArn(session);
    const values = new Values(this.#random, this.#ids, {
      ...this.#times(),
      region,
      account,
      caller: callerName,
    });
    const fill = (shape: unknown) => values.fill(shape);
    const isEvent = 'invokedBy' in caller.identity && !('type' in caller.identity);
    const isOfService = call.via !== undefined || call.service !== undefined || isService(caller.address);
    const direct = isOfService ? undefined : session;
    return JSON.stringify({
      eventVersion: versionOf(api),
      userIdentity: fill(caller.identity),
      eventTime: iso(this.#now),
      eventSource: `${api}.amazonaws.com`,
      eventName,
      awsRegion: region,
      sourceIPAddress: fill(caller.address),
      userAgent: fill(caller.agent),
      errorCode: call.error?.[0],
      errorMessage: fill(call.error?.[1]),
      requestParameters: fill(call.request ?? null),
      responseElements: call.error ? null : fill(call.response ?? null),
      additionalEventData: fill(call.extra),
      requestID: isEvent ? undefined : this.#requestId(api),
      eventID: uuid(this.#random),
      readOnly: !call.writes,
      resources: call.resources?.map(([type, text]) => resource(type, values.text(text), account)),
      eventType: isEvent ? 'AwsServiceEvent' : 'AwsApiCall',
      apiVersion: API_VERSIONS[api],
      managementEvent: !call.isData,
      recipientAccountId: account,
      sharedEventID: isShared(call, caller) ? uuid(this.#random) : undefined,
      vpcEndpointId: direct?.endpoint,
      vpcEndpointAccountId: direct?.endpoint && account,
      serviceEventDetails: fill(call.details),
      eventCategory: call.isData ? 'Data' : 'Management',
      tlsDetails: isOfService || isEvent ? undefined : fill(tls(api)),
      sessionCredentialFromConsole: session?.role.agent === 'browser' ? 'true' : undefined,
    });
  }

  #times(): Record<string, unknown> {
    const now = this.#now;
    const long = { now: longTime(now), earlier: longTime(now - 3600) };
    return { ...long, iso: iso(now), ms: now * 1000, seconds: now };
  }

  #requestId(api: string): string {
    return api === 's3' ? letters(this.#random, 'upper', 16) : uuid(this.#random);
  }
}

const SERVED = { endpointType: 'regional', awsServingRegion: '{region}' };

/** What some ask for besides a role and a name. */
const REQUESTS: Partial<Record<Session['role']['issuer'], object>> = {
  ecs: { durationSeconds: 21600 },
  role: { durationSeconds: 3600, tags: [{ key: 'team', value: 'platform' }], sourceIdentity: 'deploy' },
  partner: { externalId: 'example-external-id', durationSeconds: 3600 },
  pod: {
    tags: [
      { key: 'eks-cluster-arn', value: '{clusterArn}' },
      { key: 'kubernetes-namespace', value: 'reporting' },
      { key: 'kubernetes-service-account', value: 'reporting' },
    ],
    transitiveTagKeys: ['eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-service-account'],
  },
  linked: { durationSeconds: 3600 },
};

function assume(arn: string, name: string, credentials: object, assumedRoleUser: object, more = {}): Call {
  return {
    call: 'sts AssumeRole',
    request: { roleArn: arn, roleSessionName: name, ...more },
    response: {
      credentials,
      assumedRoleUser,
      ...('sourceIdentity' in more && { sourceIdentity: more.sourceIdentity }),
    },
    extra: { RequestDetails: SERVED },
    resources: [['AWS::IAM::Role', arn]],
  };
}

function serviceEvent({ service = '' }: Call): Caller {
  return { identity: { accountId: ACCOUNT, invokedBy: service }, address: service, agent: service };
}

function ofService(service: string): Caller {
  return { identity: { type: 'AWSService', invokedBy: service }, address: service, agent: service };
}

/** A caller of another account shows no more than its principal. */
function ofPartner(session: Session): Caller {
  const principalId = `${roleIdOf('inventory-collector')}:collector`;
  const identity = { type: 'AWSAccount', principalId, accountId: OTHER_ACCOUNT };
  return { identity, address: session.address, agent: agentOf(session, 'sts', 'assume-role') };
}

/** What happens between accounts, or between a service and an account, is recorded for both. */
function isShared(call: Call, { identity }: Caller): boolean {
  const type = 'type' in identity ? identity.type : undefined;
  const isElsewhere = call.resources?.some(([, arn]) => accountIn(arn) === OTHER_ACCOUNT);
  return (
    type === 'AWSService' || type === 'AWSAccount' || call.via === 'AWS Internal' || isElsewhere === true
  );
}

function accountIn(arn: string): string | undefined {
  return arn.split(':')[4];
}

function isService(address: string): boolean {
  return address.endsWith('.amazonaws.com');
}

function resource(type: string, text: string, accountId: string): object {
  if (type === '') return { accountId, ARN: text };
  if (type === 'AWS::IAM::Role') return { accountId: accountIn(text), type, ARN: text };
  if (text.startsWith('prefix ')) return { type, ARNPrefix: text.slice('prefix '.length) };
  return type === 'AWS::S3::Object' ? { type, ARN: text } : { accountId, type, ARN: text };
}

function tls(api: string): object {
  return {
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    ...(HYBRID.has(api) && { keyExchange: 'X25519MLKEM768' }),
    clientProvidedHostHeader: HOSTS[api] ?? `${api}.{region}.amazonaws.com`,
  };
}

function versionOf(api: string): string {
  return VERSIONS[api] ?? '1.11';
}

function split({ call }: Call): [string, string] {
  const [api = '', name = ''] = call.split(' ');
  return [api, name];
}

function kebab(name: string): string {
  return name
    .replace(/\d.*$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
}
