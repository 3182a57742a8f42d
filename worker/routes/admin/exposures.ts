import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import {
  expectExposure,
  holdStaged,
  knowsCustomer,
  readDefaultExposure,
  setExposure,
} from '../../domain/exposure.ts';
import { moveOf, openReview, readReviewHash } from '../../domain/review-move.ts';
import { AppError } from '../../errors.ts';
import { DOCUMENT_KINDS, EXPOSABLE_FIELDS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const wanted = z
  .object({
    customerKey: z.string().min(1).max(100).nullable(),
    kinds: z.array(z.enum(DOCUMENT_KINDS)).nullable(),
    fields: z.array(z.enum(EXPOSABLE_FIELDS)).nullable(),
    /** What was in the form before it was edited: a change that does not start from what is wanted now is refused. */
    basedOn: z
      .object({ kinds: z.array(z.enum(DOCUMENT_KINDS)), fields: z.array(z.enum(EXPOSABLE_FIELDS)) })
      .optional(),
  })
  .refine(({ customerKey, kinds, fields }) => customerKey !== null || (kinds && fields), {
    path: ['kinds'],
    message: 'the default needs both lists',
  });

/** The staged publish whose review it is asked from: the answer says what became of that. */
const from = z.object({ publish: z.uuid().optional() });

function refuseUnlessOk(rows: { status: string }[]) {
  if (rows[0]?.status !== 'ok') {
    throw new AppError('forbidden', 'only approvers change what is shown');
  }
}

/** What may be shown, by default and by customer: any member reads it, an approver or an owner changes it. */
export const exposures = new Hono<AppEnv>()
  .get('/exposures', async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [readDefaultExposure(db)]);
    return c.json(rows[0] ?? { kinds: [], fields: [] }, 200);
  })
  .put(
    '/exposures',
    accepts('application/json'),
    validate('query', from),
    validate('json', wanted),
    async (c) => {
      const { publish } = c.req.valid('query');
      const { customerKey, basedOn, ...lists } = c.req.valid('json');
      const [{ rows: customers }, { rows: publishes }] = await asStaff(c, (db) => [
        knowsCustomer(db, customerKey),
        readReviewHash(db, publish ?? null),
      ]);
      const isKnown = publish === undefined || publishes.length > 0;
      if (customers[0]?.known !== true || !isKnown) {
        throw new AppError('not_found', 'no such customer or publish');
      }
      if (publish === undefined) {
        const [, { rows }] = await asStaff(c, (db) => [
          expectExposure(db, customerKey, basedOn ?? null),
          setExposure(db, customerKey, lists),
        ]);
        refuseUnlessOk(rows);
        return c.json({ customerKey, ...lists, review: null }, 200);
      }
      const [, , , before, { rows }, , after] = await asStaff(c, (db) => [
        holdStaged(db),
        expectExposure(db, customerKey, basedOn ?? null),
        openReview(db, publish),
        readReviewHash(db, publish),
        setExposure(db, customerKey, lists),
        openReview(db, publish),
        readReviewHash(db, publish),
      ]);
      refuseUnlessOk(rows);
      return c.json({ customerKey, ...lists, review: moveOf(before, after) }, 200);
    },
  );
