/**
 * What the seals of an audit trail prove, without a database: the nightly check and
 * `npm run audit:verify` both stand on it.
 */

/** What a seal says: how many events there were up to a moment, and the hash over them. */
export type SealHead = {
  /** From 1, without a gap. */
  number: number;
  /** RFC 3339 in UTC, with microseconds. */
  upTo: string;
  events: number;
  /** SHA-256 in hex. */
  head: string;
};
/** Seals as the bucket keeps them, by their number. */
export type Witnesses = ReadonlyMap<number, SealHead>;

/** Which seal it is about, and between which moments its events are. */
export type Between = { seal: number; from: string | null; to: string };
export type ChainFault = Between & { kind: 'seal_changed' | 'seal_missing' };
export type SpanFault = Between &
  ({ kind: 'events_missing' | 'events_added'; count: number } | { kind: 'events_changed' });

/**
 * What a head is the SHA-256 of: the head before it, and what there is behind that one. As audit.seal
 * in the migrations makes it.
 *
 * @param digest of the events, in hex
 */
export function headText(
  previous: SealHead | undefined,
  { number, upTo }: Pick<SealHead, 'number' | 'upTo'>,
  events: number,
  digest: string,
): string {
  return [previous?.head ?? '', number, upTo, events, digest].join('|');
}

/** The seals in their order: what the bucket says they are, where the database says something else. */
export function chainOf<S extends SealHead>(
  seals: readonly S[],
  witnesses: ReadonlyMap<number, S> | null,
): S[] {
  const byNumber = new Map(seals.map((seal) => [seal.number, seal]));
  return [...new Map([...byNumber, ...(witnesses ?? [])]).values()].sort(
    (a, b) => a.number - b.number,
  );
}

/**
 * Seals that are gone, and seals that are other than the bucket's.
 *
 * @param first the number to begin with; those before it are not looked at
 */
export function* chainFaults(
  seals: readonly SealHead[],
  witnesses: Witnesses | null,
  first = 1,
): Generator<ChainFault> {
  const byNumber = new Map(seals.map((seal) => [seal.number, seal]));
  const last = Math.max(0, ...byNumber.keys(), ...(witnesses?.keys() ?? []));
  for (let number = first; number <= last; number += 1) {
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

/**
 * What is wrong with the events of a seal, or null. Behind a seal that is gone there is nothing to begin
 * from, and that it is gone is told already.
 *
 * @param found how many events are there for it, and the head that they make
 */
export function spanFault(
  seal: SealHead,
  previous: SealHead | undefined,
  found: { events: number; head: string },
): SpanFault | null {
  if (seal.number !== (previous?.number ?? 0) + 1 || found.head === seal.head) {
    return null;
  }
  const between = { seal: seal.number, from: previous?.upTo ?? null, to: seal.upTo };
  const more = found.events - seal.events;
  if (more === 0) {
    return { kind: 'events_changed', ...between };
  }
  return { kind: more < 0 ? 'events_missing' : 'events_added', count: Math.abs(more), ...between };
}
