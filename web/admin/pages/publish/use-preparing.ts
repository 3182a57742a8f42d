/** Asking again while files are being prepared. */
import { useEffect, useRef, useState } from 'preact/hooks';

const FIRST_MILLISECONDS = 2_000;
const SLOWEST_MILLISECONDS = 5_000;
const SLOWER = 1.5;
/** Without a document less for so long, a person should be told. */
const SLOW_MILLISECONDS = 60_000;

/**
 * Asks again and again while there is something to prepare: every 2 seconds while it gets less, up
 * to every 5 when it does not, and never while nobody sees the page.
 *
 * @param ask reads it anew; gives how much is left, or undefined where it was not learnt
 * @returns whether it has not become less for a minute
 */
export function usePreparing(preparing: number, ask: () => Promise<number | undefined>): boolean {
  const [isSlow, setSlow] = useState(false);
  const latest = useRef({ preparing, ask });
  latest.current = { preparing, ask };
  const isPreparing = preparing > 0;
  useEffect(() => {
    if (!isPreparing) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = FIRST_MILLISECONDS;
    let turn = 0;
    let lessAt = Date.now();
    const later = () => {
      const mine = ++turn;
      timer = setTimeout(async () => {
        const before = latest.current.preparing;
        const now = await latest.current.ask();
        if (mine !== turn) return;
        const isLess = now !== undefined && now < before;
        if (isLess) lessAt = Date.now();
        setSlow(Date.now() - lessAt > SLOW_MILLISECONDS);
        wait = isLess ? FIRST_MILLISECONDS : Math.min(wait * SLOWER, SLOWEST_MILLISECONDS);
        later();
      }, wait);
    };
    const follow = () => {
      clearTimeout(timer);
      turn++;
      if (document.visibilityState !== 'visible') return;
      // What happened while nobody looked is not known yet.
      lessAt = Date.now();
      later();
    };
    document.addEventListener('visibilitychange', follow);
    follow();
    return () => {
      document.removeEventListener('visibilitychange', follow);
      clearTimeout(timer);
      turn++;
      setSlow(false);
    };
  }, [isPreparing]);
  return isSlow;
}
