import { reloadUnderLoad } from '../harness/reload-rounds.ts';

/**
 * Events without a pause while the tables are reloaded again and again, every tenth time for broken ones: each answer
 * must be wholly of one version, and none may fail. Exits 1 otherwise. `npm run bench:reload [-- EVENTS RELOADS]`
 */
const [events = 10_000, reloads = 100] = process.argv.slice(2).map(Number);
const began = performance.now();
const { answers, kinds, refused } = await reloadUnderLoad(events, reloads);
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`${answers} answers, ${reloads} reloads of which ${refused} were of broken tables, ${seconds} s`);
for (const [kind, count] of Object.entries(kinds)) console.log(`  ${kind}: ${count}`);
process.exitCode = Object.keys(kinds).every((kind) => kind === 'one' || kind === 'two') ? 0 : 1;
