/** Whether an org's audit trail is what it was when it was sealed; if not, what is wrong and since when. */
import {
  countUnsealed,
  headOf,
  type ReadSql,
  readSeals,
  type Seal,
  type SealedSpan,
  spansOf,
} from './seal-chain.ts';

/** Seals as the bucket keeps them. */
export type Witnesses = ReadonlyMap<number, Seal>;
type Between = { seal: number; from: string | null; to: string };
export type Fault = Between &
  (
    | { kind: 'events_missing' | 'events_added'; count: number }
    | { kind: 'events_changed' }
    /** It is in the trail and not in its seal: its transaction began before the seal's, and ended after. */
    | { kind: 'event_late'; id: string; at: string }
    | { kind: 'event_inserted'; id: string; at: string }
    | { kind: 'seal_changed' | 'seal_missing' }
  );
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
  const faults: Fault[] = [...checkChain(seals, witnesses)];
  // What the bucket says is the seal, where the database says something else or nothing.
  const chain = [
    ...new Map([
      ...seals.map((seal) => [seal.number, seal] as const),
      ...(witnesses ?? []),
    ]).values(),
  ].sort((a, b) => a.number - b.number);
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

/** Seals that are gone, and seals that are other than the bucket's. */
function* checkChain(seals: readonly Seal[], witnesses: Witnesses | null): Generator<Fault> {
  const byNumber = new Map(seals.map((seal) => [seal.number, seal]));
  const last = Math.max(0, ...byNumber.keys(), ...(witnesses?.keys() ?? []));
  for (let number = 1; number <= last; number += 1) {
    const [ours, kept] = [byNumber.get(number), witnesses?.get(number)];
    const neighbours = [number - 1, number + 1].map(
      (beside) => (witnesses?.get(beside) ?? byNumber.get(beside))?.upTo,
    );
    const [from = null, after = ''] = neighbours;
    const between = { seal: number, from, to: kept?.upTo ?? ours?.upTo ?? after };
    if (ours === undefined) {
      yield { kind: 'seal_missing', ...between };
    } else if (
      kept &&
      (kept.head !== ours.head || kept.upTo !== ours.upTo || kept.events !== ours.events)
    ) {
      yield { kind: 'seal_changed', ...between };
    }
  }
}

function checkSpan({ seal, previous, events }: SealedSpan): Fault[] {
  // Behind a seal that is gone there is nothing to begin from; that it is gone is told already.
  if (seal.number !== (previous?.number ?? 0) + 1) return [];
  if (headOf(previous, seal, events) === seal.head) return [];
  const between = { seal: seal.number, from: previous?.upTo ?? null, to: seal.upTo };
  const more = events.length - seal.events;
  if (more < 0) return [{ kind: 'events_missing', count: -more, ...between }];
  if (more === 0) return [{ kind: 'events_changed', ...between }];
  const strangers = strangersIn({ seal, previous, events });
  if (strangers === null || strangers.length > NAMED_MAX) {
    return [{ kind: 'events_added', count: more, ...between }];
  }
  return strangers.map(({ id, at, afterSeal }) => ({
    kind: afterSeal ? 'event_inserted' : 'event_late',
    id,
    at,
    ...between,
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
