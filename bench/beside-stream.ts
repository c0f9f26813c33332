import type { ProcessUnderTest } from './process-under-test.ts';

/** Runs something while the service answers one stream after the other: a backfill beside the daily business. */
export async function besideStream<Result>(
  { url }: ProcessUnderTest,
  body: Buffer,
  run: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const backfill = async (): Promise<void> => {
    while (!isOver) {
      const answer = await fetch(`${url}/enrich/batch`, { method: 'POST', body: new Uint8Array(body) });
      if (!answer.ok || answer.body === null) throw new Error(`answered ${answer.status}`);
      for await (const _ of answer.body);
    }
  };
  const streams = backfill();
  try {
    return await run();
  } finally {
    isOver = true;
    await streams;
  }
}
