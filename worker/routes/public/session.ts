import { Hono } from 'hono';
import { type AppEnv, asVisitor, shieldLinks } from '../../access/guards.ts';
import { endedSessionCookie, readSession } from '../../access/sessions.ts';
import { hashSecret } from '../../access/tokens.ts';
import { AppError } from '../../errors.ts';

/** A session, which goes on or ends: neither counts against the link's hour, since neither shows anything. */
export const session = new Hono<AppEnv>()
  /** "Stay signed in": 30 minutes more, within the 12 hours that it told. */
  .post('/session/renewal', async (c) => {
    const secret = readSession(c.req.raw.headers);
    if (secret === null) {
      throw new AppError('session_expired', 'no session');
    }
    // Uncounted, so held up by address as tries of tokens are.
    await shieldLinks(c);
    const renewed = await asVisitor(c).renewSession(await hashSecret(secret));
    if (renewed.status !== 'ok') {
      throw new AppError(renewed.status, `refused: ${renewed.status}`);
    }
    return c.json({ secondsLeft: renewed.secondsLeft }, 200);
  })
  /** Sign-out: ends this session and no other; welcome as well when there is none any more. */
  .delete('/session', async (c) => {
    const secret = readSession(c.req.raw.headers);
    if (secret !== null) {
      await asVisitor(c).endSession(await hashSecret(secret));
    }
    c.header('Set-Cookie', endedSessionCookie());
    return c.body(null, 204);
  });
