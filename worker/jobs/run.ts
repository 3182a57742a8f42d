/** How jobs are run: by a cron, or at once where a request has made work for one. */
import { AppError } from '../errors.ts';
import { log } from '../log.ts';
import type { Kick, Ports } from '../ports.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { JOBS, type JobName, SCHEDULE } from './schedule.ts';

/** What these do no customer's page shows: after any other job, open pages are told. */
const SHOWN_NOWHERE: ReadonlySet<JobName> = new Set([
  'deliver-mail',
  'make-renditions',
  'send-hints',
]);

/**
 * When this isolate last began to make renditions. A run works until nothing is wanted, so while one
 * has its 30 s another would only stand in its way.
 */
let renditionsBegun = Number.NEGATIVE_INFINITY;
const RUN_MS = 30_000;

function isInHand(job: JobName): boolean {
  if (job !== 'make-renditions') {
    return false;
  }
  const inHand = Date.now() - renditionsBegun < RUN_MS;
  renditionsBegun = inHand ? renditionsBegun : Date.now();
  return inHand;
}

// What fails here, its cron finds again. Told by its code: an error itself may hold parameters.
function noteFailure(job: JobName, error: unknown) {
  log('job failed', { job, code: error instanceof AppError ? error.code : 'internal' });
}

/** Runs a job; of what it writes on its way, open pages are told while it goes on. */
async function runJob(job: JobName, ports: Ports): Promise<unknown> {
  const hints = oneAtATime(() =>
    JOBS['send-hints'](ports).catch((error: unknown) => noteFailure('send-hints', error)),
  );
  try {
    return await JOBS[job](ports, hints.ask);
  } finally {
    await hints.done();
  }
}

/**
 * What a request asks for jobs with. Nothing is thrown at it: a failure is logged.
 *
 * @param waitUntil keeps the request's Worker alive until the job is done
 */
export function kicked(ports: Ports, waitUntil: (work: Promise<unknown>) => void): Kick {
  return (job) => {
    if (isInHand(job)) {
      return;
    }
    waitUntil(
      runJob(job, ports)
        .then(() => (SHOWN_NOWHERE.has(job) ? undefined : JOBS['send-hints'](ports)))
        .catch((error: unknown) => noteFailure(job, error))
        .finally(() => {
          renditionsBegun = job === 'make-renditions' ? Number.NEGATIVE_INFINITY : renditionsBegun;
        }),
    );
  };
}

/**
 * Runs a cron's jobs. One that fails does not stop another.
 *
 * @throws the first failure, after all are done: it is the runtime's to report
 */
export async function runCron(cron: string, ports: Ports): Promise<void> {
  const jobs = SCHEDULE[cron] ?? [];
  const results = await Promise.allSettled(jobs.map((job) => runJob(job, ports)));
  // After them, since each may have changed what an open page shows; and what a kick has missed.
  results.push(...(await Promise.allSettled([JOBS['send-hints'](ports)])));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
}
