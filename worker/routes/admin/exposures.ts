import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { knowsCustomer, readDefaultExposure, setExposure } from '../../domain/exposure.ts';
import { AppError } from '../../errors.ts';
import { DOCUMENT_KINDS, EXPOSABLE_FIELDS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const wanted = z
  .object({
    customerKey: z.string().min(1).max(100).nullable(),
    kinds: z.array(z.enum(DOCUMENT_KINDS)).nullable(),
    fields: z.array(z.enum(EXPOSABLE_FIELDS)).nullable(),
  })
  .refine(({ customerKey, kinds, fields }) => customerKey !== null || (kinds && fields), {
    path: ['kinds'],
    message: 'the default needs both lists',
  });

/** What may be shown, by default and by customer. */
export const exposures = new Hono<AppEnv>()
  .get('/exposures', async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [readDefaultExposure(db)]);
    return c.json(rows[0] ?? { kinds: [], fields: [] }, 200);
  })
  .put('/exposures', accepts('application/json'), validate('json', wanted), async (c) => {
    const { customerKey, kinds, fields } = c.req.valid('json');
    if (customerKey !== null) {
      const [{ rows }] = await asStaff(c, (db) => [knowsCustomer(db, customerKey)]);
      if (rows[0]?.known !== true) {
        throw new AppError('not_found', 'no such customer');
      }
    }
    await asStaff(c, (db) => [setExposure(db, customerKey, { kinds, fields })]);
    return c.json({ customerKey, kinds, fields }, 200);
  });
