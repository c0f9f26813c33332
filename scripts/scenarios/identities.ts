import type { JsonObject } from '../../src/event/json.ts';

/** Who acts in a story: the identity that CloudTrail writes, and the machine it acts from. */
export interface Actor {
  readonly identity: JsonObject;
  readonly accountId: string;
  readonly address: string;
  /** The user agent; `{command}` stands for the CLI's own name of the call, as its second version writes it. */
  readonly client: string;
  /** Old clients still speak TLS 1.2. */
  readonly tls: '1.2' | '1.3';
}

export interface Machine {
  readonly address: string;
  readonly client: string;
  readonly tls: '1.2' | '1.3';
}

/** AWS documentation's account numbers. */
export const MAIN = '111122223333';
export const MEMBER = '444455556666';
export const STRANGER = '999988887777';

const CLI =
  'aws-cli/2.31.9 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0-60-generic md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython m/E,b,Z cfg/retry-mode#standard md/installer#exe sid/5f3c2a7e9b10 md/prompt#off md/command#{command}';

export const cliAt = (address: string): Machine => ({ address, client: CLI, tls: '1.3' });

export const machine = (address: string, client: string, tls: '1.2' | '1.3' = '1.3'): Machine => ({
  address,
  client,
  tls,
});

export function user(
  name: string,
  uniqueId: string,
  accessKeyId: string,
  from: Machine,
  accountId = MAIN,
): Actor {
  const identity = {
    type: 'IAMUser',
    principalId: uniqueId,
    arn: `arn:aws:iam::${accountId}:user/${name}`,
    accountId,
    accessKeyId,
    userName: name,
  };
  return { identity, accountId, ...from };
}

export interface Role {
  readonly name: string;
  readonly uniqueId: string;
  readonly accountId: string;
  /** `/` or a path such as `/aws-reserved/sso.amazonaws.com/`. */
  readonly path?: string;
}

export const roleArn = ({ name, accountId, path = '/' }: Role): string =>
  `arn:aws:iam::${accountId}:role${path}${name}`;

export interface SessionDetail {
  readonly name: string;
  readonly accessKeyId: string;
  /** Time of the issuance. */
  readonly creationDate: string;
  /** Of an instance's role: how the metadata service handed the key out (1.0 is IMDSv1). */
  readonly ec2RoleDelivery?: '1.0' | '2.0';
  readonly fromMfa?: boolean;
}

/** A session of a role; it acts from wherever the actor then is. */
export function session(role: Role, detail: SessionDetail, from: Machine): Actor {
  const identity = {
    type: 'AssumedRole',
    principalId: `${role.uniqueId}:${detail.name}`,
    arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${detail.name}`,
    accountId: role.accountId,
    accessKeyId: detail.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: role.uniqueId,
        arn: roleArn(role),
        accountId: role.accountId,
        userName: role.name,
      },
      attributes: {
        creationDate: detail.creationDate,
        mfaAuthenticated: detail.fromMfa === true ? 'true' : 'false',
      },
      ...(detail.ec2RoleDelivery && { ec2RoleDelivery: detail.ec2RoleDelivery }),
    },
  };
  return { identity, accountId: role.accountId, ...from };
}

/** An AWS service on its own account: its address and its client are its name. */
export function service(host: string, accountId = MAIN): Actor {
  return {
    identity: { type: 'AWSService', invokedBy: host },
    accountId,
    address: host,
    client: host,
    tls: '1.3',
  };
}

/** An AWS service that acts with the rights of someone else; CloudTrail then tells the service as the source. */
export function onBehalf(actor: Actor, host: string): Actor {
  const { accessKeyId: _, ...identity } = actor.identity;
  return { ...actor, identity: { ...identity, invokedBy: host }, address: host, client: host };
}

/** What the account that owns a role sees of a caller from another account. */
export function stranger(actor: Actor): Actor {
  const { principalId, accountId } = actor.identity;
  return { ...actor, identity: { type: 'AWSAccount', principalId, accountId } };
}

/** A sign-in is signed with a password, so there is no access key in it. */
export function withoutKey(actor: Actor): Actor {
  const { accessKeyId: _, ...identity } = actor.identity;
  return { ...actor, identity };
}

/** An instance behind a VPC endpoint, so that its private address is what CloudTrail sees. */
export const MACHINES_OF_AWS: Machine = machine(
  '10.20.30.40',
  'aws-sdk-go/1.55.8 (go1.24.9; linux; amd64) amazon-ssm-agent/3.3.3050.0',
);
