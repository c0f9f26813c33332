import { describe, expect, test } from 'vitest';
import { JointSteps } from '../../../src/policy/effective/escalation-steps.ts';
import { allow, analyze, analyzer, deny, policy } from '../analyzer.ts';

const DOCUMENTS = 'arn:aws:ssm:*:*:document/*';
const MACHINES = 'arn:aws:ec2:*:*:instance/*';
const shell = 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript';
const backup = 'arn:aws:ssm:*:*:document/AWSEC2-CreateVssSnapshot';
const tagged = { Condition: { StringEquals: { 'aws:ResourceTag/app': 'example' } } };

/** `method confidence` of what the policy allows, alone and as it is kept for the others of its principal. */
function methodsOf(...statements: readonly Record<string, unknown>[]) {
  const document = policy(...statements);
  const { findings } = analyze(document);
  const alone = findings.filter(({ risk }) => risk === 'privilege_escalation');
  const { summary } = analyzer.analyze(document, 'identity');
  const kept = new JointSteps(summary?.steps ? [summary.steps] : []).findings(analyzer.effective);
  expect(kept.map(({ method, confidence }) => [method, confidence])).toEqual(
    alone.map(({ method, confidence }) => [method, confidence]),
  );
  return alone.map(({ method, confidence }) => `${method} ${confidence}`);
}

describe('a task of a maintenance window is changed by whoever may change the window and the task', () => {
  const WINDOWS = 'arn:aws:ssm:*:*:maintenancewindow/*';
  const TASKS = 'arn:aws:ssm:*:*:windowtask/*';
  test.each([
    ['both', [WINDOWS, TASKS], ['ChangeMaintenanceWindowTask high']],
    ['windows alone', [WINDOWS], []],
    ['tasks alone', [TASKS], []],
    ['one window', ['arn:aws:ssm:*:*:maintenancewindow/mw-0123456789abcdef0', TASKS], []],
  ])('%s', (_, resources, found) => {
    expect(methodsOf(allow('ssm:UpdateMaintenanceWindowTask', resources))).toEqual(found);
  });
});

describe('an association is changed to another document by whoever may use that document', () => {
  const ASSOCIATIONS = 'arn:aws:ssm:*:*:association/*';
  const agent = 'arn:aws:ssm:*:*:document/AWS-UpdateSSMAgent';
  const sure = ['ChangeExistingAssociation high'];
  test.each([
    ['every document', [ASSOCIATIONS, DOCUMENTS], sure],
    ['a shell', [ASSOCIATIONS, shell], sure],
    ['a document that takes no command', [ASSOCIATIONS, agent, MACHINES], []],
    ['no association', [DOCUMENTS], []],
  ])('%s', (_, resources, found) => {
    const look = allow('ssm:DescribeAssociation', ASSOCIATIONS);
    expect(methodsOf(look, allow('ssm:UpdateAssociation', resources))).toEqual(found);
  });
});

describe('a command needs a document and a machine', () => {
  const send = (resource: unknown, more = {}) => allow('ssm:SendCommand', resource, more);
  const sure = ['SendCommandToExistingInstance high'];
  test.each([
    ['every resource', [send('*')], sure],
    ['every document and machine', [send([DOCUMENTS, MACHINES])], sure],
    ['every document and machine, in two statements', [send(DOCUMENTS), send(MACHINES)], sure],
    ['every document and managed node', [send('arn:aws:ssm:*')], sure],
    ['a shell on every machine', [send([shell, MACHINES])], sure],
    ['a shell on every machine, in two statements', [send(MACHINES), send(shell)], sure],
    ['every script on every machine', [send(['arn:aws:ssm:*::document/AWS-Run*', MACHINES])], sure],
    [
      'everything but one document',
      [{ Effect: 'Allow', Action: 'ssm:SendCommand', NotResource: backup }],
      sure,
    ],
    ['documents without machines', [send(DOCUMENTS)], []],
    ['machines without documents', [send(MACHINES)], []],
    ['machines and a document that takes no command', [send([backup, MACHINES])], []],
    ['the same in two statements', [send(backup), send(MACHINES)], []],
    [
      'everything but the machines',
      [
        {
          Effect: 'Allow',
          Action: 'ssm:SendCommand',
          NotResource: [MACHINES, 'arn:aws:ssm:*:*:managed-instance/*'],
        },
      ],
      [],
    ],
    [
      'every document, and machines with a tag',
      [send(DOCUMENTS), send(MACHINES, tagged)],
      ['SendCommandToExistingInstance low'],
    ],
    [
      'every document and machine but for some',
      [send([DOCUMENTS, MACHINES]), deny('ssm:SendCommand', 'arn:aws:ec2:*:*:instance/i-0123456789abcdef0')],
      ['SendCommandToExistingInstance medium'],
    ],
  ])('%s', (_name, statements, methods) => {
    expect(methodsOf(...statements)).toEqual(methods);
  });
});

describe('an association needs a document, and no machine where it takes targets', () => {
  const associate = (resource: unknown, more = {}) => allow('ssm:CreateAssociation', resource, more);
  const associations = 'arn:aws:ssm:*:*:association/*';
  const baseline = 'arn:aws:ssm:*::document/AWS-RunPatchBaseline';
  const sure = ['RunDocumentByAssociation high'];
  test.each([
    ['every resource', [associate('*')], sure],
    ['every document', [associate(DOCUMENTS)], sure],
    ['a shell', [associate([shell, associations])], sure],
    ['a shell, in two statements', [associate(associations), associate(shell)], sure],
    [
      'a shell, and associations with a tag',
      [associate(shell), associate([associations, MACHINES], tagged)],
      ['RunDocumentByAssociation low'],
    ],
    ['a document that takes no command', [associate([baseline, associations, MACHINES])], []],
    ['machines without documents', [associate(MACHINES)], []],
  ])('%s', (_name, statements, methods) => {
    expect(methodsOf(...statements)).toEqual(methods);
  });
});

describe('a session needs a machine or a task, and may do without a document', () => {
  const start = (resource: unknown, more = {}) => allow('ssm:StartSession', resource, more);
  test.each([
    ['machines', [start(MACHINES)], ['StartSessionOnExistingInstance high']],
    ['tasks', [start('arn:aws:ecs:*:*:task/*')], ['StartSessionOnExistingInstance high']],
    [
      'machines with a tag',
      [start(MACHINES, tagged), start(DOCUMENTS)],
      ['StartSessionOnExistingInstance low'],
    ],
    ['documents only', [start(DOCUMENTS)], []],
  ])('%s', (_name, statements, methods) => {
    expect(methodsOf(...statements)).toEqual(methods);
  });
});
