import { drainOnce, RECIPIENTS } from '../harness/drain-rounds.ts';

/**
 * SIGTERM at 1,000 requests a second over kept connections, many times in a row, sent to the node process, to npm
 * alone and to the whole group. Failed is an answer other than 200, or a break on a connection that was established.
 * Exits 1 where there is one. `npm run bench:drain [-- ROUNDS]`
 */
const rounds = Number(process.argv[2] ?? 20);
let failed = 0;
for (const recipient of RECIPIENTS) {
  let answered = 0;
  const failures: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const result = await drainOnce({ recipient, perSecond: 1000, drainSeconds: 1 });
    answered += result.answered;
    for (const [code, count] of Object.entries(result.failures)) failures.push(`${count} x ${code}`);
    if (result.exitCode !== 0) failures.push(`exit code ${result.exitCode}`);
  }
  failed += failures.length;
  console.log(
    `${recipient.padEnd(18)} ${rounds} rounds, ${answered} answered, ${failures.length} failed ${failures.join(', ')}`,
  );
}
process.exitCode = failed === 0 ? 0 : 1;
