const DAY = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day (YYYY-MM-DD) that there is: a browser takes the 31st of February for one of March. */
export function isDay(text = ''): boolean {
  const at = DAY.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Whether two days (YYYY-MM-DD) stand the wrong way round; of less than two it is never said. */
export function isBackwards({
  from,
  to,
}: {
  from?: string | undefined;
  to?: string | undefined;
}): boolean {
  return Boolean(from && to && from > to);
}
