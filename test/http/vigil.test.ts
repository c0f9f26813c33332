import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Vigil } from '../../src/http/vigil.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Looks as often as the loop turns within so many milliseconds. */
function turn(milliseconds: number): void {
  vi.advanceTimersByTime(milliseconds);
  vi.runOnlyPendingTimers();
}

describe('the vigil for the next request of an only client', () => {
  test('lasts for a fraction of a millisecond, and no longer', () => {
    const vigil = new Vigil(2);
    vigil.begin();
    expect(vigil.isKept).toBe(true);
    turn(1);
    turn(1);
    expect(vigil.isKept).toBe(false);
  });

  test('ends when the request is there', () => {
    const vigil = new Vigil(2);
    vigil.begin();
    vigil.end();
    turn(0);
    expect(vigil.isKept).toBe(false);
  });

  test('is kept after ever fewer answers where it is in vain, and again after each where it is not', () => {
    const vigil = new Vigil(2);
    const kept: number[] = [];
    for (let answer = 0; answer < 3000; answer++) {
      vigil.begin();
      if (!vigil.isKept) continue;
      kept.push(answer);
      turn(1);
      turn(1);
    }
    expect(kept.slice(0, 5)).toEqual([0, 3, 8, 17, 34]);
    expect(kept.length, 'one of five hundred at last').toBeLessThan(15);
    for (let answer = 0; answer < 600; answer++) {
      vigil.begin();
      vigil.end();
      turn(0);
    }
    vigil.begin();
    expect(vigil.isKept).toBe(true);
  });

  test('is not kept where the client needs the only core', () => {
    const vigil = new Vigil(1);
    vigil.begin();
    expect(vigil.isKept).toBe(false);
  });
});
