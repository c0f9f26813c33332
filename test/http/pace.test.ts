import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Pace, type Waiting } from '../../src/http/pace.ts';
import type { Moment } from '../../src/session/session-store.ts';

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Says in `story` what became of it, and in which turn. */
class Request implements Waiting {
  readonly bytes: number;
  readonly head: number;
  readonly connection: object;
  readonly #story: string[];
  readonly #name: string;
  readonly #work: () => Promise<void> | undefined;

  constructor(
    story: string[],
    name: string,
    options: {
      age?: number;
      bytes?: number;
      work?: () => Promise<void> | undefined;
      connection?: object;
    } = {},
  ) {
    this.#story = story;
    this.#name = name;
    this.bytes = options.bytes ?? 1;
    this.head = performance.now() - (options.age ?? 0);
    this.connection = options.connection ?? this;
    this.#work = options.work ?? (() => undefined);
  }

  answer(isOverdue: boolean, pace: Pick<Pace, 'sendLater'>): boolean {
    this.#story.push(`${isOverdue ? 'refuse' : 'answer'} ${this.#name}`);
    const late = this.#work();
    void late?.then(() => pace.sendLater(this));
    return late === undefined;
  }

  send(): void {
    this.#story.push(`send ${this.#name}`);
  }
}

const turn = () => new Promise(setImmediate);
const slow = (milliseconds: number) => () => {
  busy(milliseconds);
  return undefined;
};

/** Work that takes so long by a clock that only work moves: a busy machine changes nothing. */
function byItsOwnClock(milliseconds: number): () => undefined {
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return () => {
    now += milliseconds;
    return undefined;
  };
}

afterEach(() => vi.restoreAllMocks());

describe('the pace', () => {
  test('answers all that was read in a turn before it sends the first answer, in order', async () => {
    const pace = new Pace();
    const story: string[] = [];
    for (const name of ['a', 'b', 'c']) pace.join(new Request(story, name));
    expect(story, 'sockets that have something are read first').toEqual([]);
    await turn();
    expect(story).toEqual(['answer a', 'answer b', 'answer c', 'send a', 'send b', 'send c']);
  });

  test('gives answering a share of a turn: the rest waits, and others have their turn in between', async () => {
    const pace = new Pace();
    const story: string[] = [];
    const names = Array.from({ length: 20 }, (_, i) => String(i));
    const work = byItsOwnClock(1);
    for (const name of names) pace.join(new Request(story, name, { work }));
    let turns = 0;
    for (; pace.waiting > 0; turns++) await turn();
    expect(turns).toBeGreaterThan(3);
    expect(story.filter((line) => line.startsWith('answer'))).toEqual(names.map((name) => `answer ${name}`));
    expect(story.filter((line) => line.startsWith('send'))).toEqual(names.map((name) => `send ${name}`));
  });

  test('answers little in a turn that brought a connection, since the next one waits for the next turn', async () => {
    const pace = new Pace();
    const story: string[] = [];
    const work = byItsOwnClock(1);
    for (let i = 0; i < 10; i++) pace.join(new Request(story, String(i), { work }));
    pace.connected();
    await turn();
    expect(story).toEqual(['answer 0', 'send 0']);
    await turn();
    expect(story.length, 'and as much as ever in the one after').toBeGreaterThan(4);
  });

  test('tells who has waited for too long', async () => {
    const pace = new Pace();
    const story: string[] = [];
    for (const age of [0, 7_900, 8_100]) pace.join(new Request(story, String(age), { age }));
    await turn();
    expect(story.slice(0, 3)).toEqual(['answer 0', 'answer 7900', 'refuse 8100']);
  });

  test('puts nothing off while the line holds much: what is not read then waits in the kernel', async () => {
    const pace = new Pace();
    const story: string[] = [];
    for (let i = 0; i < 8; i++)
      pace.join(new Request(story, String(i), { bytes: 9 * 1024 * 1024, work: slow(5) }));
    await turn();
    expect(story.filter((line) => line.startsWith('send')).length).toBeGreaterThanOrEqual(1);
    expect(pace.waiting, 'seven of them are less than 64 MiB').toBeGreaterThan(0);
    const heavy: string[] = [];
    const other = new Pace();
    for (let i = 0; i < 8; i++)
      other.join(new Request(heavy, String(i), { bytes: 30 * 1024 * 1024, work: slow(5) }));
    await turn();
    expect(other.waiting, 'goes on until two are left').toBe(2);
  });

  test('counts what a request takes beside its body: a client may send thousands and wait for no answer', async () => {
    const pace = new Pace();
    let milliseconds = 0.1;
    const work = () => slow(milliseconds)();
    for (let i = 0; i < 18_000; i++) pace.join(new Request([], 'x', { bytes: 60, work }));
    await turn();
    expect(pace.waiting).toBeGreaterThan(10_000);
    expect(pace.waiting).toBeLessThan(17_000);
    milliseconds = 0;
    while (pace.waiting > 0) await turn();
  });

  test('does not hold who was answered while others stand in line', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const pace = new Pace();
    const requests: WeakRef<Request>[] = [];
    const join = (work: () => undefined) => {
      const request = new Request([], 'x', { work });
      requests.push(new WeakRef(request));
      pace.join(request);
    };
    for (let i = 0; i < 50; i++) join(() => undefined);
    for (let i = 0; i < 10; i++) join(slow(3));
    await turn();
    expect(pace.waiting).toBeGreaterThan(0);
    await turn();
    collect();
    const held = requests.slice(0, 50).filter((request) => request.deref() !== undefined);
    expect(held.length).toBeLessThan(5);
    while (pace.waiting > 0) await turn();
  });

  test('an answer that comes late holds nobody up, and those that come together are sent together', async () => {
    const pace = new Pace();
    const story: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    pace.join(new Request(story, 'late', { work: () => promise }));
    pace.join(new Request(story, 'later', { work: () => promise.then(() => wait(1)) }));
    pace.join(new Request(story, 'now'));
    // A machine that stalls may need more than one turn for the three.
    while (story.length < 4) await turn();
    expect(story.at(-1)).toBe('send now');
    resolve();
    while (story.length < 6) await turn();
    expect(story.slice(-2)).toEqual(['send late', 'send later']);
  });

  test('catches up once for all that stand in line, and meanwhile for those that come later', async () => {
    const story: string[] = [];
    const waits: ((moment: Moment) => void)[] = [];
    const pace = new Pace(() => {
      story.push('catch up');
      return new Promise((resolve) => waits.push(resolve));
    });
    const moment = (name: string): Moment => ({
      run(work) {
        story.push(`at ${name}`);
        return work();
      },
    });
    for (const name of ['a', 'b']) pace.join(new Request(story, name));
    await turn();
    expect(story).toEqual(['catch up']);
    pace.join(new Request(story, 'c'));
    await turn();
    expect(pace.waiting).toBe(3);
    waits.shift()?.(moment('one'));
    while (pace.waiting > 1) await turn();
    const first = ['catch up', 'catch up', 'at one', 'answer a', 'answer b', 'send a', 'send b'];
    expect(story, 'others are caught up with before these are answered').toEqual(first);
    waits.shift()?.(moment('two'));
    while (pace.waiting > 0) await turn();
    expect(story.slice(first.length)).toEqual(['at two', 'answer c', 'send c']);
    expect(pace.waiting).toBe(0);
  });

  test('an only client waits for nobody else, and catches up too', async () => {
    const story: string[] = [];
    const pace = new Pace(async () => ({
      run(work) {
        story.push('caught up');
        return work();
      },
    }));
    const connection = {};
    for (let i = 0; i < 20; i++) {
      pace.join(new Request(story, 'one', { connection }));
      for (let i = 0; i < 3; i++) await turn();
    }
    story.length = 0;
    pace.join(new Request(story, 'one', { connection }));
    await new Promise(process.nextTick);
    expect(story, 'before the turn').toEqual(['caught up', 'answer one', 'send one']);
  });

  test('an only client is answered at once, until there is another', async () => {
    const pace = new Pace();
    const story: string[] = [];
    const connection = {};
    for (let i = 0; i < 20; i++) {
      pace.join(new Request(story, 'one', { connection }));
      await turn();
    }
    story.length = 0;
    pace.join(new Request(story, 'one', { connection }));
    expect(story).toEqual(['answer one', 'send one']);
    pace.join(new Request(story, 'other'));
    expect(story, 'a turn for all').toHaveLength(2);
    await turn();
    pace.join(new Request(story, 'one', { connection }));
    expect(story.slice(2)).toEqual(['answer other', 'send other']);
  });

  const clients = [
    { name: 'one client', count: 1, isKept: true },
    { name: 'two clients', count: 2, isKept: true },
    { name: 'three clients', count: 3, isKept: false },
  ];
  test.each(clients)(
    'looks for the next request of $name without sleeping: $isKept',
    async ({ count, isKept }) => {
      let vigils = 0;
      const pace = new Pace(undefined, { begin: () => void vigils++, end: () => {} });
      const connections = Array.from({ length: count }, () => ({}));
      const ask = async (connection: object) => {
        pace.join(new Request([], 'one', { connection }));
        await turn();
      };
      for (let round = 0; round < 20; round++) for (const connection of connections) await ask(connection);
      vigils = 0;
      for (const connection of connections) await ask(connection);
      expect(vigils).toBe(isKept ? count : 0);
    },
  );

  test('keeps no vigil for two clients where memory is shared', async () => {
    let vigils = 0;
    const pace = new Pace(async () => ({ run: (work) => work() }), {
      begin: () => void vigils++,
      end: () => {},
    });
    const connections = [{}, {}];
    for (let round = 0; round < 20; round++) {
      for (const connection of connections) {
        pace.join(new Request([], 'one', { connection }));
        while (pace.waiting > 0) await turn();
        await turn();
      }
    }
    expect(vigils).toBe(0);
  });

  test('keeps no vigil while somebody stands in line', async () => {
    const story: string[] = [];
    const pace = new Pace(undefined, { begin: () => void story.push('vigil'), end: () => {} });
    const connections = [{}, {}];
    const work = byItsOwnClock(5);
    for (let round = 0; round < 20; round++) {
      for (const connection of connections) pace.join(new Request(story, 'one', { connection, work }));
      while (pace.waiting > 0) await turn();
    }
    expect(story.slice(-5)).toEqual(['answer one', 'send one', 'answer one', 'send one', 'vigil']);
  });
});
