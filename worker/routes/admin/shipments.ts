import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { addShipmentEvent, listShipments } from '../../domain/shipment-desk.ts';
import { AppError } from '../../errors.ts';
import { PAGE_SIZE, SHIPMENT_STATUSES, SHIPMENT_SUBSTATUSES } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const listQuery = z.object({
  q: z.string().trim().max(100).optional(),
  customer: z.uuid().optional(),
  cursor: z.uuid().optional(),
});
const onceKey = z.object({ 'idempotency-key': z.string().regex(/^[\w-]{8,100}$/) });
const told = z.object({
  // The function says no to what is too old: the year alone has to be one that Postgres knows.
  at: z.iso.datetime({ offset: true }).refine((text) => !text.startsWith('0000')),
  status: z.enum(SHIPMENT_STATUSES).exclude(['unknown']),
  substatus: z.enum(SHIPMENT_SUBSTATUSES).nullish(),
  city: z.string().trim().max(80).nullish(),
  description: z.string().trim().max(200).nullish(),
});

/** Where parcels are, of whatever carrier, and what staff tell of one themselves. */
export const shipments = new Hono<AppEnv>()
  .get('/shipments', validate('query', listQuery), async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [listShipments(db, c.req.valid('query'))]);
    const shown = rows.slice(0, PAGE_SIZE);
    const nextCursor = rows.length > PAGE_SIZE ? (shown.at(-1)?.id ?? null) : null;
    return c.json({ shipments: shown, nextCursor }, 200);
  })
  .post(
    '/shipments/:id/events',
    accepts('application/json'),
    validate('param', byId),
    validate('header', onceKey),
    validate('json', told),
    async (c) => {
      const { id } = c.req.valid('param');
      const { at, status, substatus, city, description } = c.req.valid('json');
      const key = c.req.valid('header')['idempotency-key'];
      const [{ rows }] = await asStaff(c, (db) => [
        addShipmentEvent(db, id, {
          at,
          status,
          substatus: substatus ?? null,
          city: city || null,
          description: description || null,
          key,
        }),
      ]);
      const [added] = rows;
      switch (added?.status) {
        case 'ok':
          return c.json({ event: { id: added.eventId } }, added.isNew ? 201 : 200);
        case 'invalid':
          throw new AppError('invalid', 'the time is not in the last two years', {
            fields: { at: 'not in the future, and of the last two years' },
          });
        case 'tracking_not_shown':
          throw new AppError('tracking_not_shown', 'the customer is not shown tracking');
        default:
          throw new AppError('not_found', 'no such shipment');
      }
    },
  );
