import { Hono } from 'hono';
import { type AppEnv, asFollower } from '../../access/guards.ts';
import { fromOwnPage } from '../../access/origin.ts';
import { AppError } from '../../errors.ts';

/**
 * `GET …/updates`: a WebSocket that says `{"changed":true}` when something has changed for this customer,
 * and nothing else. A preview may listen too.
 */
export const updates = new Hono<AppEnv>().get(
  '/updates',
  fromOwnPage((c) => c.env.ports.portalOrigin),
  async (c) => {
    if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket') {
      throw new AppError('upgrade_required', 'a WebSocket, and nothing else');
    }
    const { customerId, linkId, secondsLeft } = await asFollower(c);
    return c.env.ports.updates.follow(customerId, linkId, Date.now() + secondsLeft * 1000);
  },
);
