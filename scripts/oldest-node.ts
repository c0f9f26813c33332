import { deepEqual, equal, match } from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startServiceProcess } from '../harness/service-process.ts';
import manifest from '../package.json' with { type: 'json' };

/**
 * What is promised of the oldest Node that package.json names, tried with that Node: commands answer as with the one of
 * this process, and the service starts, answers and drains. It comes from npm into a directory of its own, since the
 * machine's may be any, and all else runs with the one that `npm ci` brings. Exits 1 where something differs, 3 where
 * that Node cannot be had. `npm run test:oldest-node`
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const events = readFileSync(`${ROOT}examples/escalation.ndjson`, 'utf8');
const statement = { Effect: 'Allow', Action: 'iam:*', Resource: '*' };
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const COMMANDS: readonly (readonly [arguments_: readonly string[], input: string])[] = [
  [['enrich', '-'], events],
  [['enrich', '--output', 'merged', '-'], events],
  [['policy', '-'], policy],
];

const [version = ''] = /\d+\.\d+/.exec(manifest.engines.node) ?? [];
const directory = mkdtempSync(`${tmpdir()}/oldest-node-`);
const oldest = `${directory}/node_modules/node/bin/node`;
process.on('exit', () => rmSync(directory, { recursive: true }));
// Whom a signal ends by itself clears nothing away.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
if (!install()) {
  console.error(`Node ${version} cannot be installed: it comes from npm`);
  process.exit(3);
}
const answers = execFileSync(oldest, ['--version'], { encoding: 'utf8' });
match(answers, new RegExp(`^v${version.replace('.', '\\.')}\\.`));

for (const [arguments_, input] of COMMANDS) {
  equal(answerOf(oldest, arguments_, input), answerOf(process.execPath, arguments_, input));
}
await tryService();
console.log(
  `${answers.trim()}: commands answer as with ${process.version}; the service starts, answers, drains`,
);

function install(): boolean {
  writeFileSync(`${directory}/package.json`, JSON.stringify({ private: true, allowScripts: { node: true } }));
  // Why npm fails has to show: a version that does not exist is skipped as one that cannot be reached.
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--fetch-retries=0'];
  const arguments_ = ['install', ...quiet, '--prefix', directory, `node@${version}`];
  const { status } = spawnSync('npm', arguments_, { cwd: directory, stdio: 'inherit' });
  // Its program comes by a script, which npm may be told not to run.
  return status === 0 && existsSync(oldest);
}

/** Standard output of a command that ends with 0. */
function answerOf(node: string, arguments_: readonly string[], input: string): string {
  return execFileSync(node, ['src/cli.ts', ...arguments_], { cwd: ROOT, input, encoding: 'utf8' });
}

async function tryService(): Promise<void> {
  const service = await startServiceProcess({ node: oldest, environment: { DETRAILS_DRAIN_SECONDS: '0' } });
  process.on('exit', () => service.child.kill('SIGKILL'));
  const [record = ''] = events.split('\n');
  const answer = await fetch(`${service.url}/enrich`, { method: 'POST', body: record });
  equal(answer.status, 200);
  deepEqual(await answer.json(), JSON.parse(answerOf(process.execPath, ['enrich', '-'], record)));
  service.child.kill('SIGTERM');
  equal(await service.ended, 0);
  // A warning of Node's would be a line that is not of the log.
  for (const line of service.log) match(line, /^\{"log\.level":"info"/);
}
