/**
 * Whether the Worker can be reached. A browser that says it is offline is; one that says otherwise may
 * still have no way through, which a request that failed shows. Then it is asked again, less and less
 * often, until it answers: `/healthz` is nobody's request and counts for none.
 */
const FIRST_PAUSE_MILLISECONDS = 2_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** How long to wait before a further try; the first is 0. Pure. */
export function pauseBefore(tries: number): number {
  return Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** tries, LONGEST_PAUSE_MILLISECONDS);
}

async function isAnswering(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** Watches it for as long as the page lives. Who waits for the network hears `online` of the window. */
export function watchConnection() {
  let isLost = !navigator.onLine;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<(isLost: boolean) => void>();
  const set = (lost: boolean) => {
    if (isLost === lost) return;
    isLost = lost;
    for (const listener of listeners) listener(lost);
  };
  const lost = () => {
    set(true);
    timer ??= setTimeout(tryAgain, pauseBefore(tries++));
  };
  const reached = () => {
    clearTimeout(timer);
    timer = undefined;
    tries = 0;
    set(false);
  };
  const tryAgain = async () => {
    timer = undefined;
    const answers = await isAnswering();
    if (!isLost) return; // a request came through meanwhile
    if (!answers) return lost();
    reached();
    dispatchEvent(new Event('online'));
  };
  addEventListener('offline', lost);
  addEventListener('online', reached);
  if (isLost) lost();
  return {
    isLost: () => isLost,
    lost,
    reached,
    follow: (listener: (isLost: boolean) => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
