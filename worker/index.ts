/** Wiring only: bindings in, app and jobs out. */
import { createApp } from './app.ts';
import { type Env, openPorts } from './env.ts';
import { AppError } from './errors.ts';
import { oneAtATime } from './jobs/one-at-a-time.ts';
import { JOBS, type JobName, SCHEDULE } from './jobs/schedule.ts';
import { log } from './log.ts';
import type { Kick, Ports } from './ports.ts';

export { CustomerUpdates } from './live/customer-updates.ts';

const app = createApp();

/**
 * When this isolate last began to make renditions. A run works until nothing is wanted, so while one
 * has its 30 s another would only stand in its way.
 */
let renditionsBegun = Number.NEGATIVE_INFINITY;
const RUN_MS = 30_000;

/** What these do no customer's page shows: after any other job, open pages are told. */
const SHOWN_NOWHERE: ReadonlySet<JobName> = new Set([
  'deliver-mail',
  'make-renditions',
  'send-hints',
]);

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
async function run(job: JobName, ports: Ports): Promise<unknown> {
  const hints = oneAtATime(() =>
    JOBS['send-hints'](ports).catch((error: unknown) => noteFailure('send-hints', error)),
  );
  try {
    return await JOBS[job](ports, hints.ask);
  } finally {
    await hints.done();
  }
}

export default {
  fetch(request, env, context) {
    const ports = openPorts(env);
    const kick: Kick = (job) => {
      if (isInHand(job)) {
        return;
      }
      context.waitUntil(
        run(job, ports)
          .then(() => (SHOWN_NOWHERE.has(job) ? undefined : JOBS['send-hints'](ports)))
          .catch((error: unknown) => noteFailure(job, error))
          .finally(() => {
            renditionsBegun =
              job === 'make-renditions' ? Number.NEGATIVE_INFINITY : renditionsBegun;
          }),
      );
    };
    return app.fetch(request, { ports, kick }, context);
  },
  async scheduled(event, env) {
    const ports = openPorts(env);
    const jobs = SCHEDULE[event.cron] ?? [];
    // One job that fails does not stop another; the failure is the runtime's to report.
    const results = await Promise.allSettled(jobs.map((job) => run(job, ports)));
    // After them, since each may have changed what an open page shows; and what a kick has missed.
    results.push(...(await Promise.allSettled([JOBS['send-hints'](ports)])));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
  },
} satisfies ExportedHandler<Env>;
