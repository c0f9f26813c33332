import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { joinRecords } from '../../../src/policy/memory/join-records.ts';
import {
  type Holding,
  LocalPolicyMemory,
  type PolicyMemory,
  type PolicyRecord,
} from '../../../src/policy/memory/policy-memory.ts';
import { PolicyRows } from '../../../src/policy/memory/policy-rows.ts';
import { RememberedPolicies } from '../../../src/policy/memory/remembered-policies.ts';
import { SharedPolicies } from '../../../src/policy/memory/shared-policies.ts';
import { Circuit } from '../../../src/shared-rows/circuit.ts';
import { SharedRows } from '../../../src/shared-rows/shared-rows.ts';
import { FakeRowServer } from '../../shared-rows/fake-row-server.ts';

const server = new FakeRowServer();
const circuit = new Circuit({
  server,
  timeout: 1000,
  news: { changed: () => undefined, writable: () => undefined },
});
const onFault = (error: Error) => {
  throw error;
};
beforeAll(async () => {
  await circuit.start(1000);
  return () => circuit.stop();
});

function newReplica(rowServer = server) {
  const memory = new LocalPolicyMemory();
  const limits = { mostHeld: 1000, mostWaiting: 1000, now: Date.now, onFault };
  const space = new PolicyRows(memory);
  const rows = new SharedRows<PolicyRecord>({ server: rowServer, circuit, space, ...limits });
  return new SharedPolicies({ memory, rows, circuit, timeout: 1000 });
}

const holding = (at: number, what: string, held = true): Holding => ({ at, what, held });
const attach = (key: string, at: number, what: string) => (memory: PolicyMemory) =>
  new RememberedPolicies(memory).addHolding(key, holding(at, what));
const held = (key: string) => (memory: PolicyMemory) => new RememberedPolicies(memory).heldAt(key, 1e15);

test('work that fails over what others know fails the event, and is not passed over', async () => {
  const [a, b] = [newReplica(), newReplica()];
  await a.withMemory(attach('holder odd', 1, 'policy odd'));
  const work = (memory: PolicyMemory) => {
    if (held('holder odd')(memory).length > 0) throw new TypeError('a fault of ours');
  };
  await expect(b.withMemory(work)).rejects.toThrow('a fault of ours');
});

test('what one replica was told, the next knows', async () => {
  const [a, b] = [newReplica(), newReplica()];
  await a.withMemory(attach('holder one', 1, 'policy x'));
  expect(await b.withMemory(held('holder one'))).toEqual(['policy x']);
});

test('work that looks at no key is done at once', () => {
  expect(newReplica().withMemory(() => 7)).toBe(7);
});

test('keys that are only known from others are followed, however far', async () => {
  const [a, b] = [newReplica(), newReplica()];
  for (let i = 0; i < 5; i++) await a.withMemory(attach(`link ${i}`, 1, `link ${i + 1}`));
  const follow = (memory: PolicyMemory): string[] => {
    const seen = ['link 0'];
    for (const key of seen) seen.push(...new RememberedPolicies(memory).heldAt(key, 2));
    return seen;
  };
  expect((await b.withMemory(follow)).at(-1)).toBe('link 5');
});

test('replicas that add to one key at once lose nothing', async () => {
  const replicas = [newReplica(), newReplica(), newReplica()];
  const names = Array.from({ length: 30 }, (_, i) => `policy ${i}`);
  await Promise.all(names.map((name, i) => replicas[i % 3]?.withMemory(attach('holder busy', i, name))));
  for (const replica of replicas)
    expect([...(await replica.withMemory(held('holder busy')))].sort()).toEqual([...names].sort());
});

test('work that is done again counts once', async () => {
  const a = newReplica();
  const count = (memory: PolicyMemory) => {
    const record = memory.get('count') ?? { states: [], holdings: [] };
    memory.set('count', { ...record, holdings: [...record.holdings, holding(record.holdings.length, 'x')] });
    return record.holdings.length;
  };
  expect(await a.withMemory(count)).toBe(0);
  expect(await a.withMemory(count)).toBe(1);
});

test.each(['{}', 'null', '[]', '{"states":[null],"holdings":[]}', '{"states":{},"holdings":[]}', '{'])(
  'a row that reads %s breaks no answer',
  async (body) => {
    server.rows.set('p:broken', `1:aaaaaaaa:0:${body}`);
    expect(await newReplica().withMemory(held('broken'))).toEqual([]);
  },
);

const RECORD: fc.Arbitrary<PolicyRecord> = fc
  .array(fc.record({ at: fc.nat(6), what: fc.constantFrom('x', 'y', 'z'), held: fc.boolean() }), {
    maxLength: 6,
  })
  .map((holdings) =>
    holdings.reduce<PolicyRecord>((record, one) => joinRecords(record, { states: [], holdings: [one] }), {
      states: holdings.slice(0, 2).map(({ at, held: inForce }) => ({ at, inForce })),
      holdings: [],
    }),
  );

test('a record joined to itself, or to what it was joined to before, stays the same', () => {
  fc.assert(
    fc.property(RECORD, RECORD, (a, b) => {
      const joined = joinRecords(a, b);
      expect(joinRecords(joined, joined)).toEqual(joined);
      expect(joinRecords(joined, a)).toEqual(joined);
      expect(joinRecords(joined, b)).toEqual(joined);
    }),
  );
});
