import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { readPublish } from '../../domain/publish.ts';
import { readForetold, readLostAccess, withdrawPart } from '../../domain/withdrawal.ts';
import { AppError, type ErrorCode } from '../../errors.ts';
import { validate } from '../validate.ts';
import { wanted } from './parts.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const withdrawal = wanted.extend({ reason: z.string().trim().min(3).max(500) });

const REFUSALS = {
  forbidden: 'forbidden',
  not_found: 'not_found',
  not_approved: 'publish_not_approved',
} as const satisfies Record<string, ErrorCode>;

/** What was approved, taken back by an approver or an owner: all of it, a customer's part, or one document. */
export const withdrawals = new Hono<AppEnv>()
  .get(
    '/publishes/:id/withdrawal',
    validate('param', byId),
    validate('query', wanted),
    async (c) => {
      const { id } = c.req.valid('param');
      const part = c.req.valid('query');
      const [{ rows }] = await asStaff(c, (db) => [readForetold(db, id, part)]);
      const [found] = rows;
      if (found === undefined) {
        throw new AppError('not_found', 'no such part of a publish that was approved');
      }
      return c.json({ losesAccess: found.lost, ...found.elsewhere }, 200);
    },
  )
  .post(
    '/publishes/:id/withdrawal',
    accepts('application/json'),
    validate('param', byId),
    validate('json', withdrawal),
    async (c) => {
      const { id } = c.req.valid('param');
      const { reason, ...part } = c.req.valid('json');
      const [{ rows }, [publish], { rows: lost }] = await asStaff(c, (db) => [
        withdrawPart(db, id, part, reason),
        readPublish(db, id),
        readLostAccess(db, id),
      ]);
      const [row] = rows;
      if (row === undefined || lost[0] === undefined) {
        throw new AppError('internal', 'a withdrawal without a status');
      }
      if (row.status !== 'ok') {
        throw new AppError(REFUSALS[row.status], `refused: ${row.status}`);
      }
      return c.json({ publish, lostAccess: lost[0].lost, ...row.told }, 200);
    },
  );
