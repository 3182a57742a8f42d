import { Hono } from 'hono';
import { type AppEnv, asVisitor } from '../../access/guards.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Whether the Worker runs, and whether what it stands on answers. */
export const health = new Hono<AppEnv>()
  .get('/healthz', (c) => c.json({ status: 'ok' as const }, 200))
  .get('/readyz', async (c) => {
    const [database, bucket] = await Promise.allSettled([
      asVisitor(c).describeLink(NOBODY),
      c.env.ports.bucket.head('readyz'),
    ]);
    const answers = {
      database: database.status === 'fulfilled',
      bucket: bucket.status === 'fulfilled',
    };
    if (answers.database && answers.bucket) {
      return c.json({ status: 'ok' as const, ...answers }, 200);
    }
    c.header('Retry-After', '30');
    return c.json({ status: 'unavailable' as const, ...answers }, 503);
  });
