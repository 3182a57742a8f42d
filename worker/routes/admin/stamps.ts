import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { traceStamp } from '../../domain/stamp.ts';
import { AppError } from '../../errors.ts';
import { validate } from '../validate.ts';

/** A reference as it is typed from paper: any case, with or without what stands between. */
const typed = z
  .string()
  .max(60)
  .transform((text) => text.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1'))
  .transform((text) => text.replace(/[^0-9A-F]/g, ''))
  .refine((digits) => digits.length === 16, 'sixteen digits and letters from A to F')
  .transform((digits) => digits.replace(/(.{4})(?=.)/g, '$1-'));
const byReference = z.object({ org: z.string(), reference: typed });

/** A leaked copy traced: who took it, when, and through which link. */
export const stamps = new Hono<AppEnv>().get(
  '/stamps/:reference',
  validate('param', byReference),
  async (c) => {
    const { reference } = c.req.valid('param');
    const [{ rows }] = await asStaff(c, (db) => [traceStamp(db, reference)]);
    const [found] = rows;
    if (found === undefined) {
      throw new AppError('not_found', 'no copy carries this reference');
    }
    return c.json(found, 200);
  },
);
