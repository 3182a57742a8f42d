import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { listAlerts, resolveAlert } from '../../domain/alert.ts';
import { countOpenChanges } from '../../domain/change-request.ts';
import { countOpenIssues } from '../../domain/issue-desk.ts';
import { AppError } from '../../errors.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });

/**
 * What staff must not miss: read by all of them, settled by whoever did. With it, how many reports are
 * open, and how many requests for a change.
 */
export const alerts = new Hono<AppEnv>()
  .get('/alerts', async (c) => {
    const [open, [issues], [changes]] = await asStaff(c, (db) => [
      listAlerts(db),
      countOpenIssues(db),
      countOpenChanges(db),
    ]);
    const counts = { openIssues: issues?.count ?? 0, openChanges: changes?.count ?? 0 };
    return c.json({ alerts: open, ...counts }, 200);
  })
  .put(
    '/alerts/:id',
    accepts('application/json'),
    validate('param', byId),
    validate('json', z.object({ resolved: z.literal(true) })),
    async (c) => {
      const [{ rows }] = await asStaff(c, (db) => [resolveAlert(db, c.req.valid('param').id)]);
      if (rows.length === 0) {
        throw new AppError('not_found', 'no such open alert');
      }
      return c.body(null, 204);
    },
  );
