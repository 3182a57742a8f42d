const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 8_000];

/**
 * Reads something again, each time after a longer while, until it is as it was waited for.
 *
 * @param pause waits so many milliseconds
 * @returns whether it is; false too when that is wanted no more (`isOver`), or took too long
 */
export async function readUntil<T>(
  read: () => Promise<T | undefined>,
  isThrough: (value: T) => boolean,
  isOver: () => boolean,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<boolean> {
  for (const ms of [0, ...PAUSES_MS]) {
    if (ms > 0) await pause(ms);
    if (isOver()) return false;
    const value = await read();
    if (value !== undefined && isThrough(value)) return true;
  }
  return false;
}
