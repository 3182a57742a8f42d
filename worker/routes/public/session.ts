import { Hono } from 'hono';
import { type AppEnv, asVisitor } from '../../access/guards.ts';
import { endedSessionCookie, readSession } from '../../access/sessions.ts';
import { hashSecret } from '../../access/tokens.ts';

/** Sign-out: ends this session and no other; welcome as well when there is none any more. */
export const session = new Hono<AppEnv>().delete('/session', async (c) => {
  const secret = readSession(c.req.raw.headers);
  if (secret !== null) {
    await asVisitor(c).endSession(await hashSecret(secret));
  }
  c.header('Set-Cookie', endedSessionCookie());
  return c.body(null, 204);
});
