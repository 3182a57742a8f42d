/**
 * How long a visit has yet. It ends 30 minutes after the last request, and 12 hours after it began however
 * busy it is; a person is told before either. The moments are the Worker's rules, read off this clock.
 */
import { SESSION_IDLE_SECONDS } from '../../worker/vocabulary.ts';

const IDLE_MILLISECONDS = SESSION_IDLE_SECONDS * 1000;
const MINUTE_MILLISECONDS = 60_000;
const IDLE_WARNING_MILLISECONDS = 2 * MINUTE_MILLISECONDS;
const END_WARNING_MILLISECONDS = 10 * MINUTE_MILLISECONDS;
/** A machine that slept tells no timer: the clock is looked at this often at least. */
const LOOK_MILLISECONDS = 15_000;

/** `idle` and `ending` say how many minutes are left, begun ones included. */
export type VisitState =
  | { kind: 'here' | 'over' }
  | { kind: 'idle' | 'ending'; minutes: number; endsAt: number };

/** In milliseconds since 1970: when the last request was, and when the visit ends at the latest. */
export type VisitMoments = { seenAt: number; endsAt: number };

/** How a visit stands. Pure. */
export function stateOf({ seenAt, endsAt }: VisitMoments, now: number): VisitState {
  const idleAt = seenAt + IDLE_MILLISECONDS;
  if (now >= Math.min(idleAt, endsAt)) return { kind: 'over' };
  const kind = endsAt <= idleAt ? 'ending' : 'idle';
  const at = Math.min(idleAt, endsAt);
  const warning = kind === 'ending' ? END_WARNING_MILLISECONDS : IDLE_WARNING_MILLISECONDS;
  if (at - now > warning) return { kind: 'here' };
  return { kind, minutes: Math.ceil((at - now) / MINUTE_MILLISECONDS), endsAt: at };
}

/**
 * Tells how a visit stands whenever that changes, once a minute while it is about to end.
 *
 * @param momentsNow asked at each look, since requests and other windows move them
 * @returns `look` looks at once; `stop` ends it
 */
export function startClock(
  momentsNow: () => VisitMoments,
  tell: (state: VisitState) => void,
): { look: () => void; stop: () => void } {
  let told = '';
  const look = () => {
    const state = stateOf(momentsNow(), Date.now());
    const said = JSON.stringify(state);
    if (said === told) return;
    told = said;
    tell(state);
  };
  look();
  const timer = setInterval(look, LOOK_MILLISECONDS);
  return { look, stop: () => clearInterval(timer) };
}
