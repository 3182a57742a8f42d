import { Hono } from 'hono';
import { type AppEnv, asStaff, staffIdentity } from '../../access/guards.ts';
import { membershipsOf } from '../../database/context.ts';
import { readSelf } from '../../domain/member.ts';
import { AppError } from '../../errors.ts';

/** The console's front page: the orgs that a person works for. */
export const orgChoice = new Hono<AppEnv>().get('/', async (c) => {
  const { email } = await staffIdentity(c);
  const orgs = email === null ? [] : await membershipsOf(c.env.ports.database.staff, email);
  return c.json({ email, orgs }, 200);
});

/** The member who asks, and their org. */
export const self = new Hono<AppEnv>().get('/me', async (c) => {
  const [[me]] = await asStaff(c, (db) => [readSelf(db)]);
  if (me === undefined) {
    throw new AppError('internal', 'a member without a row');
  }
  return c.json(me, 200);
});
