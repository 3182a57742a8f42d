import { describe, expect, it } from 'vitest';
import { pauseBefore, restAfter } from './live.ts';

describe('pauseBefore', () => {
  it('grows from a second to five minutes, and no two pages come at once', () => {
    expect(pauseBefore(0, 0)).toBe(500);
    expect(pauseBefore(0, 1)).toBe(1500);
    expect(pauseBefore(3, 0.5)).toBe(8000);
    expect(pauseBefore(40, 0.5)).toBe(300_000);
  });
});

describe('restAfter', () => {
  it('leaves the hour’s requests to the person, whatever happens', () => {
    let now = 0;
    let refreshes = 0;
    while (now < 3_600_000) {
      now += restAfter(refreshes);
      refreshes += 1;
    }
    expect(refreshes).toBeLessThan(45);
  });
});
