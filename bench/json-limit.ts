import { readFileSync } from 'node:fs';

/**
 * Prints how many records a second of processor time JSON.parse of the record and JSON.stringify of its answer take.
 */
const [records = [], answers = []] = process.argv
  .slice(2)
  .map((path) => readFileSync(path, 'utf8').trim().split('\n'));
const enrichments = answers.map((answer) => JSON.parse(answer));
const SECONDS = 1.5;

let done = 0;
function round(): void {
  for (const [i, record] of records.entries()) {
    JSON.parse(record);
    JSON.stringify(enrichments[i]);
  }
  done += records.length;
}

const until = (seconds: number) => {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) round();
};
until(0.5);
done = 0;
const before = process.cpuUsage();
until(SECONDS);
const { user, system } = process.cpuUsage(before);
console.log((done / (user + system)) * 1e6);
