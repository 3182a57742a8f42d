/** When each job runs: the crons of wrangler.toml, and what a request may kick. */
import type { Ports } from '../ports.ts';
import { deliverMail } from './deliver-mail.ts';

type Job = (ports: Ports) => Promise<unknown>;

export const JOBS = {
  'deliver-mail': deliverMail,
} satisfies Record<string, Job>;
export type JobName = keyof typeof JOBS;

export const SCHEDULE: Record<string, readonly JobName[]> = {
  '* * * * *': ['deliver-mail'],
};
