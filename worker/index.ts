/** Wiring only: bindings in, app and jobs out. */
import { createApp } from './app.ts';
import { type Env, openPorts } from './env.ts';
import { JOBS, SCHEDULE } from './jobs/schedule.ts';
import type { Kick } from './ports.ts';

const app = createApp();

export default {
  fetch(request, env, context) {
    const ports = openPorts(env);
    const kick: Kick = (job) => context.waitUntil(JOBS[job](ports));
    return app.fetch(request, { ports, kick }, context);
  },
  async scheduled(event, env) {
    const ports = openPorts(env);
    const jobs = SCHEDULE[event.cron] ?? [];
    // One job that fails does not stop another; the failure is the runtime's to report.
    const results = await Promise.allSettled(jobs.map((job) => JOBS[job](ports)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
  },
} satisfies ExportedHandler<Env>;
