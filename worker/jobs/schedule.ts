/** When each job runs: the crons of wrangler.toml, and what a request may kick. */
import { log } from '../log.ts';
import type { Ports } from '../ports.ts';
import { checkFiles } from './check-files.ts';
import { collectFiles } from './collect-files.ts';
import { collectImports } from './collect-imports.ts';
import { collectPhotos } from './collect-photos.ts';
import { deliverMail } from './deliver-mail.ts';
import {
  checkEveryAccount,
  checkMonthlyStatements,
  drawMonthlyStatements,
} from './draw-statements.ts';
import { forgetOld } from './forget-old.ts';
import { makeRenditions } from './make-renditions.ts';
import { makeReviews } from './make-reviews.ts';
import { pollCarriers } from './poll-carriers.ts';
import { predictAllArrivals } from './predict-arrivals.ts';
import { sealAudit } from './seal-audit.ts';
import { sendHints } from './send-hints.ts';

/** What a job that goes on calls when it has written something that an open page may show. */
type Wrote = () => void;

export const JOBS = {
  'deliver-mail': (ports: Ports) =>
    deliverMail({
      database: ports.database.system,
      mail: ports.mail,
      outboxKey: ports.outboxKey,
      portalOrigin: ports.portalOrigin,
      adminOrigin: ports.adminOrigin,
      log,
    }),
  'make-renditions': ({ database, bucket }: Ports) =>
    makeRenditions({ database: database.system, bucket, log }),
  'make-reviews': ({ database }: Ports) => makeReviews({ database: database.system }),
  'poll-carriers': ({ database, carriers, outboxKey }: Ports, wrote: Wrote) =>
    pollCarriers({ database: database.system, carriers, outboxKey, log, wrote }),
  'predict-arrivals': ({ database }: Ports) => predictAllArrivals({ database: database.system }),
  'check-files': ({ database, bucket }: Ports) => checkFiles({ database: database.system, bucket }),
  'collect-files': ({ database, bucket }: Ports) =>
    collectFiles({ database: database.system, bucket }),
  'collect-imports': ({ database, bucket }: Ports) =>
    collectImports({ database: database.system, bucket }),
  'collect-photos': ({ database, bucket }: Ports) =>
    collectPhotos({ database: database.system, bucket }),
  'forget-old': ({ database }: Ports) => forgetOld({ database: database.system }),
  'draw-statements': ({ database }: Ports) =>
    drawMonthlyStatements({ database: database.system, now: new Date() }),
  'check-statements': ({ database }: Ports) =>
    checkMonthlyStatements({ database: database.system }),
  'check-accounts': ({ database }: Ports) => checkEveryAccount({ database: database.system }),
  'seal-audit': ({ database, bucket }: Ports) => sealAudit({ database: database.system, bucket }),
  'send-hints': ({ database, updates }: Ports) =>
    sendHints({ database: database.system, updates, log }),
} satisfies Record<string, (ports: Ports, wrote: Wrote) => Promise<unknown>>;
export type JobName = keyof typeof JOBS;

export const SCHEDULE: Record<string, readonly JobName[]> = {
  '* * * * *': ['deliver-mail', 'make-renditions', 'make-reviews'],
  '*/30 * * * *': ['poll-carriers'],
  // What the half hour's run had no time for, minute by minute.
  '1-29,31-59 * * * *': ['poll-carriers'],
  '17 * * * *': ['check-files', 'draw-statements'],
  '41 3 * * *': [
    'collect-files',
    'collect-imports',
    'collect-photos',
    'forget-old',
    'check-statements',
    'check-accounts',
    'predict-arrivals',
    'seal-audit',
  ],
};
