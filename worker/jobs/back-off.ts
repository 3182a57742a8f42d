const FIRST_SECONDS = 30;
const LONGEST_SECONDS = 60 * 60;

/**
 * Seconds to wait after the n-th failed try: 30 s, doubling up to an hour, between half and all of
 * it by `random` (0 to 1), so that letters that failed together do not come back together.
 * A wait that the provider asked for is kept to, plus up to a second.
 */
export function backOffSeconds(
  attempts: number,
  askedSeconds: number | undefined,
  random: number,
): number {
  if (askedSeconds !== undefined) return askedSeconds + random;
  const full = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(attempts - 1, 20));
  return full * (0.5 + random / 2);
}
