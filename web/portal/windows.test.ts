import { afterEach, describe, expect, it, vi } from 'vitest';
import { hearWindows } from './windows.ts';

const MINUTE = 60_000;

describe('the windows of one browser', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('keep each other: a request in one is one for all', async () => {
    const begun = Date.now() - 20 * MINUTE;
    const one = hearWindows({ seenAt: begun, endsAt: begun + 100 * MINUTE });
    const two = hearWindows({ seenAt: begun, endsAt: begun + 100 * MINUTE });
    const moved = vi.fn();
    one.follow(moved);
    two.seen();
    await vi.waitFor(() => expect(one.moments().seenAt).toBe(two.moments().seenAt), 10_000);
    expect(one.moments().seenAt).toBeGreaterThan(begun + 19 * MINUTE);
    expect(one.moments().endsAt).toBe(begun + 100 * MINUTE);
    expect(moved).toHaveBeenCalled();
    two.renewed(begun + 90 * MINUTE);
    await vi.waitFor(() => expect(one.moments().endsAt).toBe(begun + 90 * MINUTE), 10_000);
  });

  it('are all left when one is', async () => {
    const reload = vi.fn();
    vi.stubGlobal('location', { reload });
    const moments = { seenAt: Date.now(), endsAt: Date.now() + MINUTE };
    hearWindows(moments);
    hearWindows(moments).left();
    // The one that left goes its own way.
    await vi.waitFor(() => expect(reload).toHaveBeenCalled(), 10_000);
  });
});
