import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { testService } from '../service.ts';

const service = testService();
const admin = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const readOnly = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::reports' },
};

function analyze(payload: unknown) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return service.app.inject({ method: 'POST', url: '/policies/analyze', payload: body });
}

describe('POST /policies/analyze', () => {
  test('tells an administrator, with every action listed', async () => {
    const response = await analyze({ policy: admin });
    expect(response.statusCode).toBe(200);
    const { analysis } = response.json();
    expect(analysis).toMatchObject({ mode: 'effective', kind: 'identity', admin: true });
    expect(analysis.categories).toEqual(
      expect.arrayContaining([
        'privilege_escalation',
        'resource_exposure',
        'data_exfiltration',
        'credentials_exposure',
      ]),
    );
    const exposure = analysis.findings.find(
      (finding: { risk: string }) => finding.risk === 'resource_exposure',
    );
    expect(exposure.actions.length).toBe(analysis.counts.resource_exposure);
    expect(exposure.actions.length).toBeGreaterThan(100);
  });

  test('takes the document as text, and finds nothing in a harmless one', async () => {
    const { analysis } = (await analyze({ policy: JSON.stringify(readOnly) })).json();
    expect([analysis.admin, analysis.categories]).toEqual([false, []]);
  });

  test("answers in Cloudsplaining's own terms where that is asked for", async () => {
    const { analysis } = (await analyze({ policy: admin, mode: 'cloudsplaining' })).json();
    expect(analysis.privilege_escalation[0]).toEqual({
      type: 'CreateAccessKey',
      actions: ['iam:createaccesskey'],
    });
    expect(analysis.severity.privilege_escalation).toBe('high');
  });

  test.each([
    [
      'told by Cloudsplaining where all is flagged',
      { mode: 'cloudsplaining', flag_all: true },
      ['iam:PassRole'],
    ],
    ['not told by Cloudsplaining otherwise', { mode: 'cloudsplaining', flag_all: false }, []],
    ['not told by Cloudsplaining where nothing is said', { mode: 'cloudsplaining' }, []],
  ])('an exposing action on one resource, with a condition, is %s', async (_name, how, exposing) => {
    const Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    const Resource = 'arn:aws:iam::111122223333:role/example';
    const policy = { Statement: { Effect: 'Allow', Action: 'iam:PassRole', Resource, Condition } };
    const { analysis } = (await analyze({ policy, ...how })).json();
    expect(analysis.resource_exposure).toEqual(exposing);
  });

  test('reads a trust policy: the account it opens to, without a condition', async () => {
    const trust = {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'sts:AssumeRole' },
      ],
    };
    const { analysis } = (await analyze({ policy: trust, kind: 'trust' })).json();
    expect(analysis.external_accounts).toEqual(['444455556666']);
    const own = (await analyze({ policy: trust, kind: 'trust', account: '444455556666' })).json();
    expect(own.analysis.external_accounts).toEqual([]);
    const cloudsplaining = (await analyze({ policy: trust, kind: 'trust', mode: 'cloudsplaining' })).json();
    expect(cloudsplaining.analysis.assumable_by_cross_account_principal).toEqual([
      'arn:aws:iam::444455556666:root',
    ]);
  });

  test('a byte order mark is passed over', async () => {
    const response = await analyze(`\ufeff${JSON.stringify({ policy: admin })}`);
    expect(response.statusCode).toBe(200);
  });

  test.each([
    ['broken JSON', '{"policy":', 'not_json', undefined],
    ['no policy', {}, 'bad_request', 'policy'],
    ['the document itself', admin, 'bad_request', 'policy'],
    ['an unknown kind', { policy: admin, kind: 'SECRET' }, 'bad_request', 'kind'],
    ['an unknown mode', { policy: admin, mode: 'SECRET' }, 'bad_request', 'mode'],
    ['an account that is none', { policy: admin, account: 'SECRET' }, 'bad_request', 'account'],
    [
      "a resource policy by Cloudsplaining's rules, which are for other kinds",
      { policy: admin, kind: 'resource', mode: 'cloudsplaining' },
      'bad_request',
      'kind',
    ],
    ['a switch that is no boolean', { policy: admin, flag_all: 'SECRET' }, 'bad_request', 'flag_all'],
    ['a switch of another mode', { policy: admin, flag_all: true }, 'bad_request', 'flag_all'],
    [
      'a switch that the rules for trust policies do not have',
      { policy: admin, kind: 'trust', mode: 'cloudsplaining', flag_all: true },
      'bad_request',
      'flag_all',
    ],
    [
      'a resource policy, whatever is flagged,',
      { policy: admin, kind: 'resource', mode: 'cloudsplaining', flag_all: true },
      'bad_request',
      'kind',
    ],
    ['text that is no policy', { policy: 'SECRET' }, 'policy_invalid', 'policy'],
    ['an empty text', { policy: '' }, 'policy_invalid', 'policy'],
    ['an object without statements', { policy: {} }, 'policy_invalid', 'policy.Statement'],
    ['an answer around a policy', { policy: { Policy: admin } }, 'policy_invalid', 'policy.Statement'],
    ['the same as text', { policy: '{"Version":"2012-10-17"}' }, 'policy_invalid', 'policy.Statement'],
    ['a list of policies', { policy: [admin, 'SECRET'] }, 'bad_request', 'policy'],
    ['a field that is not known', { policy: admin, SECRET: 1 }, 'bad_request', undefined],
    ['no object', '[]', 'bad_request', undefined],
    ['nothing', '', 'empty_body', undefined],
    ['a hundred levels', { policy: JSON.parse('['.repeat(100) + ']'.repeat(100)) }, 'too_deep', undefined],
  ])('%s is refused with a place, and not repeated', async (_name, payload, code, path) => {
    const response = await analyze(payload);
    expect(response.statusCode).toBe(400);
    expect([response.json().code, response.json().path]).toEqual([code, path]);
    expect(response.body).not.toContain('SECRET');
  });

  test.each([
    ['the document alone', admin, 'policy', 'Send {"policy": ...} around the document.'],
    ['a misspelt field', { SECRET: admin }, 'policy', 'Send {"policy": ...} around the document.'],
    ['a list', [admin], undefined, 'Send {"policy": ...} around the document.'],
    [
      'a switch of another mode',
      { policy: admin, flag_all: true },
      'flag_all',
      "Only Cloudsplaining's rules for identity policies have it: ask for kind identity, mode cloudsplaining.",
    ],
    [
      'one field too many',
      { policy: admin, SECRET: 1 },
      undefined,
      'There is a field that is not known; these are: policy, kind, mode, account, flag_all.',
    ],
  ])('%s is refused with what to do', async (_name, payload, path, detail) => {
    const response = await analyze(payload);
    expect(response.json()).toMatchObject({ status: 400, code: 'bad_request', detail });
    expect(response.json().path).toBe(path);
    expect(response.body).not.toContain('SECRET');
  });

  test.each([
    ['gzip', 415, 'unsupported_encoding'],
    ['identity', 400, 'not_json'],
  ])('a body that is said to be %s is answered %i, %s', async (encoding, status, code) => {
    const refused = await service.app.inject({
      method: 'POST',
      url: '/policies/analyze',
      payload: gzipSync(JSON.stringify({ policy: admin })),
      headers: { 'content-encoding': encoding },
    });
    expect([refused.statusCode, refused.json().code]).toEqual([status, code]);
  });

  test.each([
    ['a lone statement', { policy: admin.Statement[0] }],
    ['a policy without any statement', { policy: { Statement: [] } }],
    ['no policy, of which Cloudsplaining says nothing', { policy: {}, mode: 'cloudsplaining' }],
  ])('%s is answered', async (_name, payload) => {
    expect((await analyze(payload)).statusCode).toBe(200);
  });

  test.each([
    ['no Action', [{ Effect: 'Allow' }], 'policy.Statement[0].Action'],
    [
      'a list in a list of a lone statement',
      { Effect: 'Allow', Action: [['*']], Resource: '*' },
      'policy.Statement.Action',
    ],
    [
      'a pattern with two colons, after a statement that is well',
      [readOnly.Statement, { Effect: 'Allow', Action: 's3:[:a]*', Resource: '*' }],
      'policy.Statement[1].Action',
    ],
    ['no object', ['s3:*'], 'policy.Statement[0]'],
  ])(
    'where Cloudsplaining stops at %s there are no findings, and a problem tells the place',
    async (_name, Statement, path) => {
      const response = await analyze({ policy: { Statement }, mode: 'cloudsplaining' });
      expect(response.statusCode).toBe(200);
      expect(response.json()).toMatchObject({
        analysis: { privilege_escalation: [] },
        problems: [{ code: 'policy_invalid', path }],
      });
    },
  );

  test.each([
    ['Principal', { Principal: '*' }, ['policy.Statement[0].Principal']],
    ['NotPrincipal', { NotPrincipal: { AWS: '111122223333' } }, ['policy.Statement[0].NotPrincipal']],
    ['Principal in a Deny, as resource control policies have it,', { Principal: '*', Effect: 'Deny' }, []],
  ])('%s in a policy that is said to be of an identity is a problem', async (_name, more, paths) => {
    const policy = {
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::example/*', ...more }],
    };
    const { problems = [] } = (await analyze({ policy })).json();
    expect(problems).toEqual(paths.map((path) => expect.objectContaining({ code: 'policy_invalid', path })));
    expect((await analyze({ policy, kind: 'resource' })).json().problems ?? []).toEqual([]);
  });
});
