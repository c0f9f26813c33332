import { type ProcessUnderTest, postStream } from './process-under-test.ts';

/** Runs something while the service answers one stream after the other: a backfill beside the daily business. */
export async function besideStream<Result>(
  service: ProcessUnderTest,
  body: Buffer,
  run: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const backfill = async (): Promise<void> => {
    while (!isOver) await postStream(service, body);
  };
  const streams = backfill();
  try {
    return await run();
  } finally {
    isOver = true;
    await streams;
  }
}
