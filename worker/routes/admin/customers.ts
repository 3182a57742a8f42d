import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { hashSecret, lastFour, mintToken } from '../../access/tokens.ts';
import {
  createLink,
  type LinkRow,
  listLinks,
  readLink,
  sendLink,
} from '../../domain/access-link.ts';
import { cursorOf, page } from '../../domain/cursor.ts';
import { listContacts, listCustomers, readCustomer } from '../../domain/customer.ts';
import { readCustomerExposure } from '../../domain/exposure.ts';
import { AppError } from '../../errors.ts';
import { CUSTOMER_FILTERS, LINK_SCOPES, PAGE_SIZE } from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { partKey } from './parts.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const listQuery = z.object({
  q: z.string().trim().max(100).optional(),
  /** The one whose code this is, as items have it. */
  key: partKey.optional(),
  filter: z.enum(CUSTOMER_FILTERS).optional(),
  cursor: cursorOf(z.string().max(300)).optional(),
});
const newLink = z.object({
  contactId: z.uuid(),
  scope: z.enum(LINK_SCOPES).optional(),
  label: z.string().trim().max(80).nullish(),
  delivery: z.enum(['copy', 'mail']),
});

/** Customers, who of them may look, and the links they look through. */
export const customers = new Hono<AppEnv>()
  .get('/customers', validate('query', listQuery), async (c) => {
    const [rows] = await asStaff(c, (db) => [listCustomers(db, c.req.valid('query'))]);
    const listed = page(rows, PAGE_SIZE, (row) => [row.name, row.id]);
    return c.json({ customers: listed.rows, nextCursor: listed.nextCursor }, 200);
  })
  .get('/customers/:id', validate('param', byId), async (c) => {
    const { id } = c.req.valid('param');
    const [[customer], contacts, links, exposures] = await asStaff(c, (db) => [
      readCustomer(db, id),
      listContacts(db, id),
      listLinks(db, id),
      readCustomerExposure(db, id),
    ]);
    const [exposure] = exposures.rows;
    if (customer === undefined || exposure === undefined) {
      throw new AppError('not_found', 'no such customer');
    }
    const linksOf = (contact: string): LinkRow[] =>
      links.filter((link) => link.contactId === contact).map(({ contactId: _, ...link }) => link);
    return c.json(
      {
        customer,
        contacts: contacts.map((contact) => ({ ...contact, links: linksOf(contact.id) })),
        exposure,
      },
      200,
    );
  })
  .post(
    '/customers/:id/links',
    accepts('application/json'),
    validate('param', byId),
    validate('json', newLink),
    async (c) => {
      const { id: customerId } = c.req.valid('param');
      const { contactId, scope, label, delivery } = c.req.valid('json');
      const wanted = { customerId, contactId, label: label ?? null };
      if (delivery === 'mail') {
        const event = crypto.randomUUID();
        const [{ rows }, contacts] = await asStaff(c, (db) => [
          sendLink(db, { ...wanted, scope: scope ?? null, event }),
          listContacts(db, customerId),
        ]);
        if (rows.length === 0) {
          const contact = contacts.find(({ id }) => id === contactId);
          if (contact === undefined) {
            throw new AppError('not_found', 'no such contact');
          }
          throw contact.access === 'allowed'
            ? new AppError('address_suppressed', 'the address is written to no more')
            : new AppError('contact_not_allowed', 'access is paused or ended');
        }
        c.env.kick('deliver-mail');
        return c.json({ queued: true as const }, 202);
      }
      // The org's code is in the token: it is read first, with the check that the customer is theirs.
      const { member } = await asMember(c, () => []);
      const token = mintToken(member.orgCode);
      const id = crypto.randomUUID();
      const stored = { id, tokenHash: await hashSecret(token), last4: lastFour(token) };
      const [{ rows }, [link]] = await asStaff(c, (db) => [
        createLink(db, stored, { ...wanted, scope: scope ?? 'all' }),
        readLink(db, id),
      ]);
      if (rows.length === 0 || link === undefined) {
        throw new AppError('not_found', 'no such contact');
      }
      return c.json({ link, url: `${c.env.ports.portalOrigin}/customer/${token}` }, 201);
    },
  );
