/**
 * Peak memory of the workerd that serves, which on Linux the kernel tells. workerd on a laptop does not
 * end an isolate at 128 MB as production does, so only this shows what a request holds.
 */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { median, repeat } from './bench.ts';
import { openBody, readToEnd } from './raw-files.ts';

/** Forgets the peak until now (proc_pid_clear_refs(5)). */
const FORGET_PEAK = '5';

/**
 * The workerd processes below this one that have a bucket open, one for each stack with one; none where
 * the kernel is not Linux.
 */
export function servingProcesses(): number[] {
  if (process.platform !== 'linux') {
    return [];
  }
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const stat = unlessGone(() => readFileSync(`/proc/${name}/stat`, 'latin1'));
    // The name, in parentheses, may hold anything.
    const [, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isBelow(parents.get(pid)));
  return [...parents.keys()].filter((pid) => isBelow(parents.get(pid)) && hasBucket(pid));
}

const hasBucket = (pid: number) =>
  (unlessGone(() => readdirSync(`/proc/${pid}/fd`)) ?? []).some((fd) =>
    unlessGone(() => readlinkSync(`/proc/${pid}/fd/${fd}`))?.includes('/r2/'),
  );

/** Processes and their files go away while they are listed. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The most memory that a process had during some work, in megabytes. */
async function peakOf(pid: number, work: () => Promise<void>): Promise<number> {
  writeFileSync(`/proc/${pid}/clear_refs`, FORGET_PEAK);
  await work();
  const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1_000_000;
}

/** Reads many answers, and none before all have begun: so many at once, however fast each is. */
export async function readAtOnce(
  count: number,
  ask: (client: number) => Promise<Response>,
  lengthOf: (client: number) => number,
): Promise<void> {
  const bodies = await Promise.all(
    Array.from({ length: count }, (_, client) => openBody(ask(client))),
  );
  await Promise.all(bodies.map((body, client) => readToEnd(body, lengthOf(client))));
}

/**
 * How much more memory a process takes for large answers than for small ones, in megabytes: the median
 * of rounds. What it took once and keeps for next time hides as much: ask for far more at once.
 */
export async function growthOf(
  rounds: number,
  pid: number,
  { small, large }: { small: () => Promise<void>; large: () => Promise<void> },
): Promise<number> {
  const growths = await repeat(rounds, async () => {
    const peak = await peakOf(pid, small);
    return (await peakOf(pid, large)) - peak;
  });
  return median(growths);
}
