import { expect, test } from 'vitest';
import { reloadUnderLoad } from '../../harness/reload-rounds.ts';

test('every answer is of one version while tables are reloaded, and of the old one when they break (all rounds: npm run bench:reload)', async () => {
  const { kinds, refused, answers } = await reloadUnderLoad(1_000, 8);
  expect(Object.keys(kinds).sort()).toEqual(['one', 'two']);
  expect(answers).toBeGreaterThanOrEqual(1_000);
  expect(refused).toBe(1);
}, 60_000);
