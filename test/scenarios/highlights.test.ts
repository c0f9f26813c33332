import { beforeAll, describe, expect, test } from 'vitest';
import {
  missesOf,
  readScenario,
  SCENARIOS,
  type Scenario,
  type Told,
  tellScenario,
} from '../../scripts/scenarios/run-scenario.ts';
import { objectAt, textAt } from '../../src/event/json.ts';
import { newService } from './new-service.ts';

interface Run {
  readonly scenario: Scenario;
  readonly told: ReadonlyMap<string, Told>;
}

const runs = new Map<string, Run>();

beforeAll(async () => {
  for (const name of SCENARIOS) {
    const scenario = readScenario(name);
    runs.set(name, { scenario, told: await tellScenario(scenario, newService()) });
  }
});

/** The highest score of each step. */
function scores(name: string): ReadonlyMap<string, number> {
  const { scenario, told } = runs.get(name) as Run;
  const highest = new Map<string, number>();
  for (const { step, events } of scenario.expected.steps) {
    for (const { event_id } of events) {
      const score = told.get(event_id)?.answer.risk.score ?? 0;
      highest.set(step, Math.max(score, highest.get(step) ?? 0));
    }
  }
  return highest;
}

describe('the answers to the scenarios', () => {
  test.each(SCENARIOS)('%s: every step shows what it must', (name) => {
    const { scenario, told } = runs.get(name) as Run;
    const misses = missesOf(scenario.expected, told).map(
      ({ step, event, sentences }) => `${step.step} ${event.event_name}: ${sentences.join('; ')}`,
    );
    expect(misses).toEqual([]);
  });

  test.each([
    ['privilege-escalation', ['ProdAdmin/x', 'OrganizationAccountAccessRole/x2', 'user/backup-admin']],
    ['pacu', ['OrganizationAccountAccessRole/qhzvtkxwmbrnpsdylcfg']],
  ] as const)('%s: the root stands behind every event of every identity that was gained', (name, gained) => {
    const { scenario, told } = runs.get(name) as Run;
    let count = 0;
    for (const { event, answer } of told.values()) {
      const arn = textAt(objectAt(event.record, 'userIdentity'), 'arn') ?? '';
      if (!gained.some((identity) => arn.endsWith(identity))) continue;
      // A service that acts on behalf leaves no key in its record, so that there is nothing to join it by.
      if (objectAt(event.record, 'userIdentity')?.['invokedBy'] !== undefined) continue;
      expect(answer.origin?.root?.arn, event.id).toBe(scenario.expected.root);
      count++;
    }
    expect(count).toBeGreaterThan(5);
  });

  test('rank the steps that matter on top, looking around low, and refused or harmless changes low', () => {
    const escalation = scores('privilege-escalation');
    const pacu = scores('pacu');
    const grave = ['A4', 'A5', 'A7', 'B6', 'B7', 'B8', 'B12'];
    const least = Math.min(...grave.map((step) => escalation.get(step) ?? pacu.get(step) ?? 0));
    expect(least).toBeGreaterThanOrEqual(80);
    for (const step of ['A1', 'A2', 'A3']) expect(escalation.get(step)).toBeLessThan(40);
    for (const step of ['B1', 'B2', 'B3']) expect(pacu.get(step)).toBeLessThan(40);
    const controls = scores('privilege-escalation-controls');
    for (const step of ['AC1', 'AC2', 'AC4', 'AC7']) expect(controls.get(step)).toBeLessThan(40);
  });

  test.each([
    [
      'a policy that gives everything, or a role that trusts an outsider',
      [
        'iam:CreatePolicyVersion',
        'iam:AttachUserPolicy',
        'iam:PutUserPolicy',
        'iam:UpdateAssumeRolePolicy',
        's3:PutBucketPolicy',
      ],
      94,
      100,
    ],
    ['blinding', ['cloudtrail:StopLogging', 'guardduty:DeleteDetector', 'ec2:DeleteFlowLogs'], 90, 90],
    ['keys and passwords', ['iam:CreateAccessKey', 'iam:CreateLoginProfile'], 83, 100],
    ['secrets', ['secretsmanager:GetSecretValue'], 80, 80],
    ['commands, and roles of machines', ['ssm:SendCommand', 'ec2:AssociateIamInstanceProfile'], 78, 78],
    ['start scripts and parameters', ['ec2:DescribeInstanceAttribute', 'ssm:GetParameter'], 50, 53],
    [
      'what is only looked at',
      ['iam:ListUsers', 'iam:GetPolicyVersion', 'iam:ListAttachedUserPolicies', 'sts:AssumeRole'],
      0,
      25,
    ],
  ] as const)('score %s as docs/risk.md says', (_what, actions, least, most) => {
    const answers = ['privilege-escalation', 'pacu'].flatMap((name) =>
      [...(runs.get(name) as Run).told.values()].map(({ answer }) => answer),
    );
    for (const action of actions) {
      const done = answers.filter(
        (one) => one.action.iam?.[0] === action && one.action.outcome === 'success',
      );
      const highest = Math.max(...done.map(({ risk }) => risk.score));
      expect(highest, action).toBeGreaterThanOrEqual(least);
      expect(highest, action).toBeLessThanOrEqual(most);
    }
  });

  test('need no order of delivery: what came before its issuance is told again, with its origin', () => {
    const { told } = runs.get('pacu') as Run;
    const again = [...told.values()].filter((one) => one.isSecondAnswer);
    expect(again.length).toBeGreaterThan(5);
    for (const { answer } of again) expect(answer.origin?.status).toBe('found');
  });
});
