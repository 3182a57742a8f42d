/** Wiring only: bindings in, app and jobs out. */
import { createApp } from './app.ts';
import { type Env, openPorts } from './env.ts';
import { kicked, runCron } from './jobs/run.ts';

export { CustomerUpdates } from './live/customer-updates.ts';

const app = createApp();

export default {
  fetch(request, env, context) {
    const ports = openPorts(env);
    const kick = kicked(ports, (work) => context.waitUntil(work));
    return app.fetch(request, { ports, kick }, context);
  },
  async scheduled(event, env) {
    await runCron(event.cron, openPorts(env));
  },
} satisfies ExportedHandler<Env>;
