/** When each job runs: the crons of wrangler.toml, and what a request may kick. */
import { log } from '../log.ts';
import type { Ports } from '../ports.ts';
import { deliverMail } from './deliver-mail.ts';

export const JOBS = {
  'deliver-mail': (ports: Ports) =>
    deliverMail({
      database: ports.database.system,
      mail: ports.mail,
      outboxKey: ports.outboxKey,
      portalOrigin: ports.portalOrigin,
      log,
    }),
} satisfies Record<string, (ports: Ports) => Promise<unknown>>;
export type JobName = keyof typeof JOBS;

export const SCHEDULE: Record<string, readonly JobName[]> = {
  '* * * * *': ['deliver-mail'],
};
