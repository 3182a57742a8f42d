/** The windows of one browser share one session: a request in any of them keeps it, and leaving ends it for all. */
import type { VisitMoments } from './visit-clock.ts';

type Word = Partial<VisitMoments> & { left?: true };

/**
 * Follows the other windows, and tells them of this one.
 *
 * @param moments how this page began
 */
export function hearWindows(moments: VisitMoments) {
  let { seenAt, endsAt } = moments;
  const listeners = new Set<() => void>();
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('visit') : undefined;
  const take = (word: Partial<VisitMoments>) => {
    seenAt = Math.max(seenAt, word.seenAt ?? 0);
    endsAt = word.endsAt ?? endsAt;
    for (const listener of listeners) listener();
  };
  const tell = (word: Partial<VisitMoments>) => {
    take(word);
    channel?.postMessage(word);
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    // The Worker then says in its own words that the visit is over.
    if (data.left) location.reload();
    else take(data);
  });
  // A window that was opened just now knows best.
  channel?.postMessage({ seenAt, endsAt } satisfies Word);
  return {
    moments: (): VisitMoments => ({ seenAt, endsAt }),
    /** A request was answered here. */
    seen: () => tell({ seenAt: Date.now() }),
    /** The session was renewed, and lasts at most until then. */
    renewed: (until: number) => tell({ seenAt: Date.now(), endsAt: until }),
    /** The person signed out here. */
    left: () => channel?.postMessage({ left: true } satisfies Word),
    /** Calls back when the moments moved; gives what ends that. */
    follow: (listener: () => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
export type Windows = ReturnType<typeof hearWindows>;
