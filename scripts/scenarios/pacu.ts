import { instanceAtWork } from './background.ts';
import { MACHINES, ROLES } from './cast.ts';
import type { Expected } from './expectation.ts';
import { BOT, GRAVE } from './highlights.ts';
import { assumeRole, EVERYTHING, policyText } from './iam-calls.ts';
import { type Actor, roleArn, STRANGER, session, user } from './identities.ts';
import { actAsMember } from './pacu-member-account.ts';
import { guessRoles, harvest, reconnaissance } from './pacu-reconnaissance.ts';
import { Trail } from './trail.ts';

/** A run of Pacu with the leaked key of a build robot, from the first question to the last snapshot. */
export function pacu(): { trail: Trail; expected: Omit<Expected, 'steps'> } {
  const trail = new Trail('pacu', '2026-11-18T21:14:03Z');
  const bot = user('ci-bot', 'AIDAEXAMPLECIBOTUSER1', 'AKIAEXAMPLECIBOT0009', MACHINES.pacu);
  reconnaissance(trail, bot);
  harvest(trail, bot);
  escalate(trail, bot);
  const member = enterMember(trail, bot);
  actAsMember(trail, member, instanceAtWork(trail, 'ASIAEXAMPLEWEBINST01'));
  const title = "A run of Pacu with a build robot's leaked key";
  return { trail, expected: { scenario: 'pacu', title, controls: false, root: BOT } };
}

function escalate(trail: Trail, bot: Actor): void {
  trail.wait(100);
  trail.step(
    'B6',
    'Gives itself everything',
    {
      ...GRAVE,
      'risk.level': 'critical',
      'action.access_level': 'Permissions management',
      'threat.technique.id': 'T1098',
      'policy.admin': true,
      'policy.self_grant': true,
    },
    ['self-granted-admin-policy', 'admin-policy-in-force'],
  );
  trail.call(bot, 'iam:PutUserPolicy', {
    after: 60,
    request: { userName: 'ci-bot', policyName: 'jea70c72mk', policyDocument: EVERYTHING },
  });
  trail.step(
    'B6',
    "Attaches AWS's own administrator policy to itself",
    {
      ...GRAVE,
      'risk.level': 'critical',
      'policy.admin': true,
      'policy.self_grant': true,
    },
    ['self-granted-admin-policy', 'admin-policy-attached'],
  );
  trail.call(bot, 'iam:AttachUserPolicy', {
    after: 25,
    request: { userName: 'ci-bot', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  });
  trail.step(
    'B7',
    'Opens roles to an account of its own',
    {
      ...GRAVE,
      'risk.level': 'critical',
      'policy.kind': 'trust',
      'policy.external_accounts': STRANGER,
    },
    ['role-trusts-another-account'],
  );
  for (const roleName of ['deploy', 'ProdAdmin']) {
    trail.call(bot, 'iam:UpdateAssumeRolePolicy', {
      after: 20,
      request: {
        roleName,
        policyDocument: policyText(
          { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
          { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${STRANGER}:root` }, Action: 'sts:AssumeRole' },
        ),
      },
    });
  }
}

function enterMember(trail: Trail, bot: Actor): Actor {
  trail.wait(90);
  guessRoles(trail, bot);
  trail.step('B7', 'Gets in by one of them', {
    'action.iam': 'sts:AssumeRole',
    'action.outcome': 'success',
    'issued.access_key_id': 'ASIAEXAMPLEMEMBERACC',
    'issued.role_arn': roleArn(ROLES.memberAccess),
  });
  const sessionName = 'qhzvtkxwmbrnpsdylcfg';
  const creationDate = trail.now(2);
  const call = { role: ROLES.memberAccess, sessionName, accessKeyId: 'ASIAEXAMPLEMEMBERACC' };
  // S3 tells of this file late: the first uses of the key come before the record of its issuance.
  assumeRole(trail, bot, call, { after: 2, late: 460 });
  return session(
    ROLES.memberAccess,
    { name: sessionName, accessKeyId: call.accessKeyId, creationDate },
    MACHINES.pacu,
  );
}
