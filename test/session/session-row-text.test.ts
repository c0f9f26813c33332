import { expect, test } from 'vitest';
import { recordOf } from '../../harness/session-events.ts';
import type { Claim } from '../../src/session/claim.ts';
import { plainClaim } from '../../src/session/claim-of-record.ts';
import { SessionRow, type SnapshotRow } from '../../src/session/memory-rows.ts';
import { lineOf, rowOfLine } from '../../src/session/session-row-text.ts';

const RECORD = recordOf({
  eventTime: '2026-11-24T10:00:00Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateAccessKey',
  userIdentity: { type: 'IAMUser', accountId: '111122223333' },
});
const CLAIM: Claim = plainClaim(RECORD, 1000, 'long_term_key', 'iam:CreateAccessKey');
const KEEPING = { owner: 'AROAEXAMPLE', keepUntil: 29_926_860, isProtected: true };
const KEPT = [29_926_860, 'AROAEXAMPLE', true];
const { facts } = new SessionRow('AROAEXAMPLE:one@1', 'AROAEXAMPLE', 0).stored();
const FIELDS = expect.any(Array);

const LINES: readonly (readonly [row: SnapshotRow, line: readonly unknown[]])[] = [
  [
    { kind: 'claims', key: 'ASIAEXAMPLE1', claims: [CLAIM], ...KEEPING },
    ['claims', 'ASIAEXAMPLE1', [FIELDS], ...KEPT],
  ],
  [
    { kind: 'session', key: 'AROAEXAMPLE:one@1', facts, ...KEEPING },
    ['session', 'AROAEXAMPLE:one@1', FIELDS, ...KEPT],
  ],
  [
    { kind: 'makers', key: 'AKIAEXAMPLE000000001', claims: [CLAIM] },
    ['creator', 'AKIAEXAMPLE000000001', [FIELDS]],
  ],
  [
    { kind: 'sessionOfKey', key: 'ASIAEXAMPLE1', session: 'AROAEXAMPLE:one@1' },
    ['key', 'ASIAEXAMPLE1', ['AROAEXAMPLE:one@1']],
  ],
  [{ kind: 'earliest', time: 1000 }, ['earliest', 1000]],
  [{ kind: 'earliest', time: Number.POSITIVE_INFINITY }, ['earliest', null]],
  [{ kind: 'evicted', key: 'ASIAEXAMPLE1' }, ['evicted', 'ASIAEXAMPLE1']],
];

test.each(LINES)('a row stands in a snapshot as it did in the first one: $kind', (row, line) => {
  const text = JSON.stringify(lineOf(row));
  expect(JSON.parse(text)).toEqual(line);
  expect(rowOfLine(JSON.parse(text))).toEqual(row);
});
