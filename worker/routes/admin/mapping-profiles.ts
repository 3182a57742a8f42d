import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { listProfiles, removeProfile } from '../../domain/mapping-profile.ts';
import { AppError } from '../../errors.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });

/** What is remembered of files by their headers: staging remembers it, anyone may have it forgotten. */
export const mappingProfiles = new Hono<AppEnv>()
  .get('/mapping-profiles', async (c) => {
    const [profiles] = await asStaff(c, (db) => [listProfiles(db)]);
    return c.json({ profiles }, 200);
  })
  .delete('/mapping-profiles/:id', validate('param', byId), async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [removeProfile(db, c.req.valid('param').id)]);
    if (rows.length === 0) {
      throw new AppError('not_found', 'no such profile');
    }
    return c.body(null, 204);
  });
