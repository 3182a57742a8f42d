/** One `npm start` at a time in a folder: two would write the same database. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signalGroup } from './worker.ts';

type Owner = { pid: number; portal: string; worker: number | null };

export type Lock = {
  /** Notes wrangler's process, so that a later start can end it if we are killed before we do. */
  noteWorker(pid: number): void;
  release(): void;
};

/**
 * Takes the folder for this process. What a killed start left running is ended first.
 * Throws an Error for a person when another start is alive.
 */
export function takeLock(folder: string, portal: string): Lock {
  const file = join(folder, 'lock.json');
  const before = readOwner(file);
  if (before !== null && commandOf(before.pid).includes('start.ts')) {
    throw new Error(
      `Counterfoil runs here already, at ${before.portal} (process ${before.pid}). Stop it first.`,
    );
  }
  if (before?.worker && commandOf(before.worker).includes('wrangler')) {
    signalGroup(before.worker, 'SIGKILL');
  }
  const owner: Owner = { pid: process.pid, portal, worker: null };
  const keep = () => writeFileSync(file, JSON.stringify(owner));
  keep();
  return {
    noteWorker: (pid) => {
      owner.worker = pid;
      keep();
    },
    release: () => rmSync(file, { force: true }),
  };
}

function readOwner(file: string): Owner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // none, or cut short by a kill
  }
}

/** The command line of a process, or nothing when there is none: a number alone may be reused. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout ?? '';
  }
}
