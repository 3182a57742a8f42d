/** A repeatable source of choices: the same seed gives the same choices, in order. */
export interface Chance {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of the list. */
  pick<T>(list: readonly T[]): T;
  /** `count` different members of the list, in random order. */
  sample<T>(list: readonly T[], count: number): T[];
  /** `length` decimal digits. */
  digits(length: number): string;
}

/** Mulberry32 over an FNV-1a hash of `seed`: good enough to scatter demo data, not for secrets. */
export function chance(seed: string): Chance {
  let state = 0x811c9dc5;
  for (const character of seed) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const sample = <T>(list: readonly T[], count: number): T[] => {
    const rest = [...list];
    const taken: T[] = [];
    while (taken.length < count && rest.length > 0) {
      taken.push(...rest.splice(between(0, rest.length - 1), 1));
    }
    return taken;
  };
  return {
    between,
    sample,
    pick: (list) => {
      const [one] = sample(list, 1);
      if (one === undefined) throw new Error('nothing to pick from');
      return one;
    },
    digits: (length) => Array.from({ length }, () => between(0, 9)).join(''),
  };
}
