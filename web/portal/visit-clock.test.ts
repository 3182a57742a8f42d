import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startClock, stateOf, type VisitState } from './visit-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 15, 9);

describe('stateOf', () => {
  const idleFor = (milliseconds: number, endsIn = 11 * HOUR) =>
    stateOf({ seenAt: START - milliseconds, endsAt: START + endsIn }, START);

  it.each([
    [0, { kind: 'here' }],
    [28 * MINUTE - 1, { kind: 'here' }],
    [28 * MINUTE, { kind: 'idle', minutes: 2, endsAt: START + 2 * MINUTE }],
    [29 * MINUTE, { kind: 'idle', minutes: 1, endsAt: START + MINUTE }],
    [30 * MINUTE - 1, { kind: 'idle', minutes: 1, endsAt: START + 1 }],
    [30 * MINUTE, { kind: 'over' }],
    [9 * HOUR, { kind: 'over' }],
  ])('after %d ms without a request', (milliseconds, state) => {
    expect(idleFor(milliseconds)).toEqual(state);
  });

  it('tells of the 12 hours ten minutes before they end, however busy', () => {
    expect(idleFor(0, 10 * MINUTE + 1)).toEqual({ kind: 'here' });
    const ending = { kind: 'ending', minutes: 10, endsAt: START + 10 * MINUTE };
    expect(idleFor(0, 10 * MINUTE)).toEqual(ending);
    expect(idleFor(0, 0)).toEqual({ kind: 'over' });
  });

  it('tells of whichever end comes first', () => {
    expect(idleFor(29 * MINUTE, 5 * MINUTE)).toMatchObject({ kind: 'idle' });
    expect(idleFor(27 * MINUTE, 2 * MINUTE)).toMatchObject({ kind: 'ending' });
  });
});

describe('the clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const running = (endsIn = 12 * HOUR) => {
    const moments = { seenAt: START, endsAt: START + endsIn };
    const told: VisitState[] = [];
    const clock = startClock(
      () => moments,
      (state) => told.push(state),
    );
    return { moments, told, clock, kinds: () => told.map(({ kind }) => kind) };
  };

  it('warns two minutes before the end, counts down by the minute, and says when it is over', () => {
    const { told } = running();
    vi.advanceTimersByTime(27 * MINUTE + 45_000);
    expect(told).toEqual([{ kind: 'here' }]);
    vi.advanceTimersByTime(15_000);
    expect(told.at(-1)).toMatchObject({ kind: 'idle', minutes: 2 });
    vi.advanceTimersByTime(2 * MINUTE);
    expect(told.map((state) => ('minutes' in state ? state.minutes : state.kind))).toEqual([
      'here',
      2,
      1,
      'over',
    ]);
  });

  it('takes the warning back when a request was made, here or in another window', () => {
    const { moments, clock, kinds } = running();
    vi.advanceTimersByTime(28.5 * MINUTE);
    moments.seenAt = Date.now();
    clock.look();
    expect(kinds()).toEqual(['here', 'idle', 'here']);
    vi.advanceTimersByTime(27 * MINUTE);
    expect(kinds()).toEqual(['here', 'idle', 'here']);
    vi.advanceTimersByTime(3 * MINUTE);
    expect(kinds().at(-1)).toBe('over');
  });

  it('sees at the next look that a machine slept through the end', () => {
    const { clock, kinds } = running();
    vi.setSystemTime(START + 3 * HOUR);
    clock.look();
    expect(kinds()).toEqual(['here', 'over']);
  });

  it('ends after 12 hours, however busy', () => {
    const { moments, kinds } = running();
    for (let minutes = 0; minutes < 12 * 60; minutes += 5) {
      vi.advanceTimersByTime(5 * MINUTE);
      moments.seenAt = Date.now();
    }
    expect(new Set(kinds())).toEqual(new Set(['here', 'ending', 'over']));
  });

  it('says no more once it is stopped', () => {
    const { clock, kinds } = running();
    clock.stop();
    vi.advanceTimersByTime(HOUR);
    expect(kinds()).toEqual(['here']);
  });
});
