export const NAMED_MAX = 5;

/** The first of some names, and in words how many more there are: `count` is of all, named here or not. */
export function someNames(
  names: readonly string[],
  count: number,
  moreWords: (more: number) => string,
): string[] {
  const named = names.slice(0, NAMED_MAX);
  const more = count - named.length;
  return more > 0 ? [...named, moreWords(more)] : named;
}
