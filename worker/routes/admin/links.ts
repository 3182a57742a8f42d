import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { hashSecret, lastFour, mintToken } from '../../access/tokens.ts';
import {
  beginPreview,
  readLink,
  revokeCustomerLinks,
  revokeLink,
  rotateLink,
} from '../../domain/access-link.ts';
import { setContactAccess } from '../../domain/customer.ts';
import { type LeftOut, type LinkLetterRow, sendLinks } from '../../domain/letter.ts';
import { AppError } from '../../errors.ts';
import { BULK_MAX_CUSTOMERS, CONTACT_ACCESS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const revocation = z.object({ endAccess: z.boolean().default(false) });
const toCustomers = z.object({ customerIds: z.array(z.uuid()).min(1).max(BULK_MAX_CUSTOMERS) });

/** Who was left out of a bulk sending, and why; the names are null for an id that is not the org's. */
export type LeftOutRow = Omit<LinkLetterRow, 'customerName' | 'leftOut'> & {
  customerName: string | null;
  reason: LeftOut;
};
const NOBODY = { customerName: null, contactId: null, contactName: null, email: null };

/**
 * Links that are there: replaced or taken back, one or all of a customer's. Links for many customers
 * at once; a member's look at the portal as a contact; and a contact's access, which all theirs hang on.
 */
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
    validate('json', revocation),
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
  .post(
    '/customers/:id/links/revocation',
    accepts('application/json'),
    validate('param', byId),
    validate('json', revocation),
    async (c) => {
      const { id } = c.req.valid('param');
      const { endAccess } = c.req.valid('json');
      const [{ rows }] = await asStaff(c, (db) => [revokeCustomerLinks(db, id, endAccess)]);
      const [done] = rows;
      if (done === undefined) {
        throw new AppError('not_found', 'no such customer');
      }
      return c.json({ revoked: done.revoked }, 200);
    },
  )
  .post('/links', accepts('application/json'), validate('json', toCustomers), async (c) => {
    const customerIds = [...new Set(c.req.valid('json').customerIds)];
    const [{ rows }] = await asStaff(c, (db) => [sendLinks(db, customerIds)]);
    if (rows.length === 0) {
      throw new AppError('not_found', 'no such customer');
    }
    c.env.kick('deliver-mail');
    const found = new Set(rows.map(({ customerId }) => customerId));
    const unknown = customerIds.filter((id) => !found.has(id));
    const leftOut = rows.flatMap(({ leftOut: reason, ...who }) =>
      reason === null ? [] : [{ ...who, reason }],
    );
    return c.json(
      {
        sent: rows.length - leftOut.length,
        leftOut: [
          ...leftOut,
          ...unknown.map((customerId) => ({ ...NOBODY, customerId, reason: 'not_found' as const })),
        ] satisfies LeftOutRow[],
      },
      202,
    );
  })
  .post(
    '/previews',
    accepts('application/json'),
    validate('json', z.object({ contactId: z.uuid() })),
    async (c) => {
      const { contactId } = c.req.valid('json');
      // The org's code is in the token: it is read first.
      const { member } = await asMember(c, () => []);
      const token = mintToken(member.orgCode);
      const id = crypto.randomUUID();
      const stored = { id, tokenHash: await hashSecret(token), last4: lastFour(token) };
      const [{ rows }] = await asStaff(c, (db) => [beginPreview(db, stored, contactId)]);
      const [begun] = rows;
      if (begun === undefined) {
        throw new AppError('not_found', 'no such contact');
      }
      const url = `${c.env.ports.portalOrigin}/customer/${token}`;
      return c.json({ preview: { id, contactId, ...begun }, url }, 201);
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
