/** The Worker under `wrangler dev`, as a process of its own with everything it starts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The Worker's vars and secrets; names as in `worker/env.ts`. */
export type WorkerSettings = Record<string, string>;

export type WorkerProcess = {
  /** wrangler's process, and the id of the process group with all that it started. */
  pid: number;
  /** Runs the jobs of a cron. Throws when one of them failed. */
  scheduled(cron: string): Promise<void>;
  /** Resolves when wrangler has ended, whoever ended it, with its last words. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const STOP_TIMEOUT_MS = 5_000;
const LAST_WORDS_CHARS = 4_000;

const wranglerBin = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
);

/**
 * Starts the Worker on 127.0.0.1 and returns when it answers. `root` is the repository; `folder` is
 * where bucket, logs and caches are kept; `envFile` holds the settings. Its output goes to
 * `worker.log` in the folder and, when `verbose`, to the terminal.
 * Throws an Error with wrangler's last words when it does not come up.
 */
export async function startWorker(options: {
  root: string;
  folder: string;
  envFile: string;
  port: number;
  verbose: boolean;
  /** Told at once, so that it can be stopped while it starts. */
  started(worker: WorkerProcess): void;
}): Promise<WorkerProcess> {
  const { root, folder, envFile, port, verbose } = options;
  const args = [
    ...[wranglerBin, 'dev', '--config', join(root, 'wrangler.toml'), '--env-file', envFile],
    ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
    ...['--persist-to', join(folder, 'state'), '--log-level', 'log'],
    '--show-interactive-dev-session=false',
  ];
  const env = {
    ...process.env,
    // Nothing is fetched, sent or written outside the folder.
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    // It would keep every request's address, and a landing's address holds a token.
    X_LOCAL_OBSERVABILITY: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_SEND_ERROR_REPORTS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    WRANGLER_NO_SKILLS_UPDATE_PROMPTS: 'true',
    WRANGLER_LOG_PATH: join(folder, 'wrangler'),
    WRANGLER_REGISTRY_PATH: join(folder, 'registry'),
    WRANGLER_CACHE_DIR: join(folder, 'cache'),
    NO_COLOR: '1',
  };
  // Detached: a process group of its own, so that Ctrl-C reaches us alone and we stop it in order,
  // and so that nothing which wrangler started is left behind.
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const words = collectOutput(child, join(folder, 'worker.log'), verbose);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', () => resolve(words()));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`wrangler does not start: ${await ended}`);

  const worker: WorkerProcess = {
    pid,
    scheduled: (cron) => fire(port, cron),
    ended,
    stop: async () => {
      signalGroup(pid, 'SIGTERM');
      await Promise.race([ended, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      // What outlived wrangler, or wrangler itself.
      signalGroup(pid, 'SIGKILL');
      await ended;
    },
  };
  options.started(worker);
  const problem = await Promise.race([
    ended.then((last) => `wrangler ended:\n${last}`),
    untilReady(port).then((ready) => (ready ? null : `the Worker does not answer:\n${words()}`)),
  ]);
  if (problem === null) return worker;
  await worker.stop();
  throw new Error(problem);
}

/** Sends a signal to a process and all that it started; nothing when they are gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function collectOutput(child: ChildProcess, file: string, verbose: boolean): () => string {
  const log = createWriteStream(file);
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      if (verbose) process.stdout.write(chunk);
      last = (last + chunk.toString()).slice(-LAST_WORDS_CHARS);
    });
  }
  child.once('close', () => log.end());
  return () => last.trim();
}

/** Whether the Worker answers in time; by name, since it is on no other host. */
async function untilReady(port: number): Promise<boolean> {
  const giveUpAt = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < giveUpAt) {
    const answer = await fetch(`http://localhost:${port}/healthz`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function fire(port: number, cron: string): Promise<void> {
  const path = `/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 200)}`);
}
