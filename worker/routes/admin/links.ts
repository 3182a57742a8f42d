import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { hashSecret, lastFour, mintToken } from '../../access/tokens.ts';
import { readLink, revokeLink, rotateLink } from '../../domain/access-link.ts';
import { setContactAccess } from '../../domain/customer.ts';
import { AppError } from '../../errors.ts';
import { CONTACT_ACCESS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });

/** A link that is there: replaced or taken back. And a contact's access, which all theirs hang on. */
export const links = new Hono<AppEnv>()
  .post('/links/:id/rotation', validate('param', byId), async (c) => {
    const { id } = c.req.valid('param');
    const { member, results } = await asMember(c, (db) => [readLink(db, id)]);
    if (results[0].length === 0) {
      throw new AppError('not_found', 'no such link');
    }
    const token = mintToken(member.orgCode);
    const stored = {
      id: crypto.randomUUID(),
      tokenHash: await hashSecret(token),
      last4: lastFour(token),
    };
    const [{ rows }, [link]] = await asStaff(c, (db) => [
      rotateLink(db, id, stored),
      readLink(db, stored.id),
    ]);
    if (rows.length === 0 || link === undefined) {
      throw new AppError('link_not_active', 'only an active standing link is rotated');
    }
    return c.json({ link, url: `${c.env.ports.portalOrigin}/customer/${token}` }, 201);
  })
  .post(
    '/links/:id/revocation',
    accepts('application/json'),
    validate('param', byId),
    validate('json', z.object({ endAccess: z.boolean().default(false) })),
    async (c) => {
      const { id } = c.req.valid('param');
      const { endAccess } = c.req.valid('json');
      const [{ rows }, [link]] = await asStaff(c, (db) => [
        revokeLink(db, id, endAccess),
        readLink(db, id),
      ]);
      if (rows.length === 0) {
        throw new AppError('not_found', 'no such link');
      }
      return c.json({ link }, 200);
    },
  )
  .put(
    '/contacts/:id/access',
    accepts('application/json'),
    validate('param', byId),
    validate('json', z.object({ access: z.enum(CONTACT_ACCESS) })),
    async (c) => {
      const { id } = c.req.valid('param');
      const { access } = c.req.valid('json');
      const [{ rows }] = await asStaff(c, (db) => [setContactAccess(db, id, access)]);
      if (rows.length === 0) {
        throw new AppError('not_found', 'no such contact');
      }
      return c.json({ access }, 200);
    },
  );
