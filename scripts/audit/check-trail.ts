/** Whether an org's audit trail is what it was when it was sealed; if not, what is wrong and since when. */
import {
  type Between,
  type ChainFault,
  chainFaults,
  chainOf,
  type SpanFault,
  spanFault,
  type Witnesses,
} from '../../worker/domain/trail.ts';
import {
  countUnsealed,
  headOf,
  type ReadSql,
  readSeals,
  type SealedSpan,
  spansOf,
} from './seal-chain.ts';

export type { Witnesses };
export type Fault =
  | ChainFault
  | SpanFault
  /**
   * `event_late`: it is in the trail and not in its seal, since its transaction began before the seal's,
   * and ended after.
   */
  | (Between & { kind: 'event_late' | 'event_inserted'; id: string; at: string });
export type Report = {
  faults: Fault[];
  seals: number;
  /** Events that are in a seal. */
  events: number;
  /** Events behind the last seal: nothing says yet what they were. */
  unsealed: number;
  /** Seals that the bucket does not keep; null when it was not asked. */
  unwitnessed: number | null;
};

/** Up to so many events, one alone that does not belong is looked for by leaving each out. */
const LEFT_OUT_MAX = 5_000;
/** More than these are told by their number. */
const NAMED_MAX = 20;

/**
 * Makes every seal of the org again. With the bucket's seals it finds what was done to the chain too.
 *
 * @param sql as a role that row security does not bind
 */
export async function checkTrail(
  sql: ReadSql,
  orgId: string,
  witnesses: Witnesses | null,
): Promise<Report> {
  const seals = await readSeals(sql, orgId);
  const faults: Fault[] = [...chainFaults(seals, witnesses)];
  const chain = chainOf(seals, witnesses);
  let events = 0;
  for await (const span of spansOf(sql, orgId, chain)) {
    events += span.events.length;
    faults.push(...checkSpan(span));
  }
  return {
    faults: faults.sort((a, b) => a.seal - b.seal),
    seals: seals.length,
    events,
    unsealed: await countUnsealed(sql, orgId, chain.at(-1)),
    unwitnessed: witnesses && seals.filter(({ number }) => !witnesses.has(number)).length,
  };
}

function checkSpan({ seal, previous, events }: SealedSpan): Fault[] {
  const found = { events: events.length, head: headOf(previous, seal, events) };
  const fault = spanFault(seal, previous, found);
  if (fault === null) return [];
  if (fault.kind !== 'events_added') return [fault];
  const strangers = strangersIn({ seal, previous, events });
  if (strangers === null || strangers.length > NAMED_MAX) return [fault];
  const { seal: number, from, to } = fault;
  return strangers.map(({ id, at, afterSeal }) => ({
    kind: afterSeal ? ('event_inserted' as const) : ('event_late' as const),
    id,
    at,
    seal: number,
    from,
    to,
  }));
}

/** The events without which the seal is right, or null when they cannot be told. */
function strangersIn({ seal, previous, events }: SealedSpan): SealedSpan['events'] | null {
  const isRightWithout = (strangers: ReadonlySet<SealedSpan['events'][number]>) => {
    const rest = events.filter((event) => !strangers.has(event));
    return headOf(previous, seal, rest) === seal.head;
  };
  const written = events.filter(({ afterSeal }) => afterSeal);
  if (isRightWithout(new Set(written))) return written;
  if (events.length - seal.events > 1 || events.length > LEFT_OUT_MAX) return null;
  const alone = events.find((event) => isRightWithout(new Set([event])));
  return alone ? [alone] : null;
}
