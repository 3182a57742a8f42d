/**
 * Crons on time: wrangler fires none locally. The expressions are wrangler.toml's, read as
 * Cloudflare reads them: UTC, five fields, Sunday is 1.
 * https://developers.cloudflare.com/workers/configuration/cron-triggers/
 */

const FIELDS = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12 },
  { name: 'day of the week', min: 1, max: 7 },
] as const;

/** After the full minute: a timer may fire a little early. */
const MARGIN_MS = 50;
const MINUTE_MS = 60_000;

/**
 * Whether a cron is due in the minute of `at`. Numbers, `*`, ranges, steps and lists are understood;
 * throws an Error naming what is not.
 */
export function isDue(cron: string, at: Date): boolean {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw new Error(`The cron "${cron}" has not five fields.`);
  const [minute, hour, day, month, weekday] = FIELDS.map((field, place) =>
    valuesOf(cron, fields[place] ?? '', field),
  );
  return [
    minute?.has(at.getUTCMinutes()),
    hour?.has(at.getUTCHours()),
    day?.has(at.getUTCDate()),
    month?.has(at.getUTCMonth() + 1),
    weekday?.has(at.getUTCDay() + 1),
  ].every(Boolean);
}

function valuesOf(cron: string, text: string, field: (typeof FIELDS)[number]): Set<number> {
  const wrong = () =>
    new Error(`The cron "${cron}" has a ${field.name} that is not known: ${text}`);
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw wrong();
    const step = Number(match[3] ?? 1);
    const first = Number(match[1] ?? field.min);
    // `5` is itself; `5/10` runs on to the end, as `*` does.
    const alone = match[1] !== undefined && match[3] === undefined;
    const last = Number(match[2] ?? (alone ? first : field.max));
    if (step < 1 || first < field.min || last > field.max || first > last) throw wrong();
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

/**
 * Calls `run` for each cron in each minute that it is due, never while its last run goes on. What
 * `run` throws goes to `failed`. Returns how to stop; a run that goes on is left to end.
 */
export function startCrons(
  crons: readonly string[],
  run: (cron: string) => Promise<void>,
  failed: (cron: string, error: unknown) => void,
): () => void {
  for (const cron of crons) isDue(cron, new Date(0));
  const running = new Set<string>();
  let timer: NodeJS.Timeout;

  function wait(): void {
    timer = setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS) + MARGIN_MS);
  }
  function tick(): void {
    wait();
    const now = new Date();
    for (const cron of crons) {
      if (running.has(cron) || !isDue(cron, now)) continue;
      running.add(cron);
      run(cron)
        .catch((error) => failed(cron, error))
        .finally(() => running.delete(cron));
    }
  }
  wait();
  return () => clearTimeout(timer);
}
