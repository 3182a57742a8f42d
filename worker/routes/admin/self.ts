import { Hono } from 'hono';
import { type AppEnv, asStaff, memberships } from '../../access/guards.ts';
import { readSelf } from '../../domain/member.ts';
import { AppError } from '../../errors.ts';

/** The console's front page: the orgs that a person works for. */
export const orgChoice = new Hono<AppEnv>().get('/', async (c) =>
  c.json(await memberships(c), 200),
);

/** The member who asks, and their org. */
export const self = new Hono<AppEnv>().get('/me', async (c) => {
  const [[me]] = await asStaff(c, (db) => [readSelf(db)]);
  if (me === undefined) {
    throw new AppError('internal', 'a member without a row');
  }
  return c.json(me, 200);
});
