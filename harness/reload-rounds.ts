import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServiceProcess } from './service-process.ts';

const DATA = fileURLToPath(new URL('../data', import.meta.url));
/** Answered from four tables, and from nothing that is remembered. */
const RECORD = JSON.stringify({
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'StopLogging',
  eventTime: '2026-11-24T10:00:00Z',
  sourceIPAddress: '192.0.2.1',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice', accountId: '111122223333' },
});

export interface Reloaded {
  readonly answers: number;
  /** Answers by what they are: one of the two versions, or what must not be. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly reloads: number;
  readonly refused: number;
}

/** Events without a pause while the tables are changed and reloaded, every tenth time for broken ones. */
export async function reloadUnderLoad(events: number, reloads: number): Promise<Reloaded> {
  const directory = mkdtempSync(`${tmpdir()}/tables-`);
  makeVersions(directory);
  const use = (version: string) => {
    symlinkSync(`${directory}/${version}`, `${directory}/next`);
    renameSync(`${directory}/next`, `${directory}/current`);
  };
  use('one');
  const service = await startServiceProcess({
    environment: { DETRAILS_TABLES_DIR: `${directory}/current`, DETRAILS_DRAIN_SECONDS: '0' },
  });
  const reload = async (version: string): Promise<boolean> => {
    const lines = service.log.length;
    use(version);
    process.kill(service.nodeId, 'SIGHUP');
    for (;;) {
      const line = service.log
        .slice(lines)
        .find((one) => /tables (of .* are in use|were not reloaded)/.test(one));
      if (line !== undefined) return line.includes('in use');
      await wait(5);
    }
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const ask = () => post(agent, `${service.url}/enrich`);
  const expected = new Map([['one', await ask()]]);
  await reload('two');
  expected.set('two', await ask());
  if (expected.get('one') === expected.get('two')) throw new Error('the versions do not differ');

  const kinds: Record<string, number> = {};
  let answers = 0;
  let isReloading = true;
  const worker = async (): Promise<void> => {
    while (answers < events || isReloading) {
      const answer = await ask();
      const version = [...expected].find(([, one]) => one === answer)?.[0];
      const kind = version ?? answer.slice(0, 300);
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      answers++;
    }
  };
  const workers = Array.from({ length: 8 }, worker);
  let refused = 0;
  for (let i = 0; i < reloads; i++) {
    const version = i % 10 === 5 ? 'broken' : i % 2 === 0 ? 'one' : 'two';
    if (!(await reload(version))) refused++;
    const due = answers + events / reloads;
    while (answers < due) await wait(2);
  }
  isReloading = false;
  await Promise.all(workers);
  agent.destroy();
  service.child.kill('SIGINT');
  await service.ended;
  rmSync(directory, { recursive: true });
  return { answers, kinds, reloads, refused };
}

/** The second version says other things in several tables; the third breaks off in the middle of one. */
function makeVersions(directory: string): void {
  const changes: Record<string, Record<string, (content: string) => string>> = {
    one: {},
    two: {
      'sources.json': (content) => content.replaceAll(/"date": "20/g, '"date": "30'),
      'generated/actions.json': (content) =>
        content.replace('"StopLogging","Write"', '"StopLogging","Tagging"'),
      'curated/risk-weights.json': (content) =>
        content.replace('"id": "base.critical", "value": 90', '"id": "base.critical", "value": 91'),
    },
    broken: { 'curated/risk-weights.json': (content) => content.slice(0, content.length / 2) },
  };
  for (const [version, changed] of Object.entries(changes)) {
    mkdirSync(`${directory}/${version}`);
    for (const folder of ['curated', 'generated']) mkdirSync(`${directory}/${version}/${folder}`);
    for (const path of tableFiles()) {
      const change = changed[path];
      if (change === undefined) symlinkSync(`${DATA}/${path}`, `${directory}/${version}/${path}`);
      else writeFileSync(`${directory}/${version}/${path}`, change(readFileSync(`${DATA}/${path}`, 'utf8')));
    }
  }
}

function tableFiles(): string[] {
  const below = (folder: string) => readdirSync(`${DATA}/${folder}`).map((name) => `${folder}/${name}`);
  return [
    'sources.json',
    'decision-dates.json',
    'schema',
    'facts',
    ...below('curated'),
    ...below('generated'),
  ];
}

/** The text of the answer; of one that is not 200, with its status in front. */
function post(agent: Agent, url: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(url, { agent, method: 'POST', headers: { 'content-length': RECORD.length } }, (response) => {
    const isGood = response.statusCode === 200;
    text(response).then((body) => resolve(isGood ? body : `${response.statusCode} ${body}`), reject);
  })
    .on('error', (error) => resolve(`broken: ${error.message}`))
    .end(RECORD);
  return promise;
}
