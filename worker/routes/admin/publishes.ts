import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import {
  type ApprovalStatus,
  approvePublish,
  createPublish,
  listPublishes,
  readPublish,
  rejectPublish,
} from '../../domain/publish.ts';
import { holdReview, moveOf, readReviewHash } from '../../domain/review-move.ts';
import { tickItems } from '../../domain/staged-item.ts';
import { AppError, type ErrorCode } from '../../errors.ts';
import { ITEM_CHANGES, ITEM_KINDS, PAGE_SIZE } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const ticks = z.object({
  items: z
    .array(
      z.object({
        kind: z.enum(ITEM_KINDS),
        key: z.string().min(1).max(400),
        // As they were looked at; an item may have no file.
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .nullable()
          .default(null),
        change: z.enum(ITEM_CHANGES).nullable().default(null),
      }),
    )
    .min(1)
    .max(1000),
  ticked: z.boolean(),
});
const approval = z.object({
  reviewHash: z.string().regex(/^[0-9a-f]{64}$/),
  confirmOwnImport: z.boolean().default(false),
});
const rejection = z.object({ reason: z.string().trim().min(3).max(500) });

const DECISION_ERRORS: Record<Exclude<ApprovalStatus, 'ok' | 'already_approved'>, ErrorCode> = {
  forbidden: 'forbidden',
  not_found: 'not_found',
  not_staged: 'publish_not_staged',
  review_stale: 'review_stale',
  own_import: 'own_import',
  own_import_unconfirmed: 'own_import',
  rendition_pending: 'rendition_pending',
  nothing_to_approve: 'nothing_to_approve',
};

/** @throws AppError for every status but `ok` and `already_approved` */
function decided<T extends { status: ApprovalStatus }>(rows: T[]): T {
  const [row] = rows;
  if (row === undefined) {
    throw new AppError('internal', 'a decision without a status');
  }
  if (row.status === 'ok' || row.status === 'already_approved') {
    return row;
  }
  throw new AppError(DECISION_ERRORS[row.status], `refused: ${row.status}`);
}

/** The publishes of an org, and the decisions on them: an approver's or an owner's, all else any member's. */
export const publishes = new Hono<AppEnv>()
  .get(
    '/publishes',
    validate('query', z.object({ cursor: cursorOf(momentKey).optional() })),
    async (c) => {
      const { cursor } = c.req.valid('query');
      const [rows] = await asStaff(c, (db) => [listPublishes(db, cursor)]);
      const listed = page(rows, PAGE_SIZE, (row) => [row.createdAt, row.id]);
      return c.json({ publishes: listed.rows, nextCursor: listed.nextCursor }, 200);
    },
  )
  .post(
    '/publishes',
    accepts('application/json'),
    validate('json', z.object({ name: z.string().trim().min(1).max(120) })),
    async (c) => {
      const id = crypto.randomUUID();
      await asStaff(c, (db) => [createPublish(db, id, c.req.valid('json').name)]);
      return c.json({ id }, 201);
    },
  )
  .put(
    '/publishes/:id/ticks',
    accepts('application/json'),
    validate('param', byId),
    validate('json', ticks),
    async (c) => {
      const { items, ticked } = c.req.valid('json');
      const { id } = c.req.valid('param');
      const [, , before, { rows }, after] = await asStaff(c, (db) => [
        ...holdReview(db, id),
        tickItems(db, id, items, ticked),
        readReviewHash(db, id),
      ]);
      if (rows[0]?.ticked === null) {
        throw new AppError('review_stale', 'ticked as it no longer is');
      }
      if (rows[0]?.ticked === 0) {
        throw new AppError('not_found', 'no such items');
      }
      return c.json({ review: moveOf(before, after) }, 200);
    },
  )
  .post(
    '/publishes/:id/approval',
    accepts('application/json'),
    validate('param', byId),
    validate('json', approval),
    async (c) => {
      const { reviewHash, confirmOwnImport } = c.req.valid('json');
      const { id } = c.req.valid('param');
      const [{ rows }] = await asStaff(c, (db) => [
        approvePublish(db, id, reviewHash, confirmOwnImport),
      ]);
      if (rows[0]?.status === 'rendition_pending') {
        c.env.kick('make-renditions');
      }
      const { status, summary } = decided(rows);
      c.env.kick('deliver-mail');
      const alreadyApproved = status === 'already_approved';
      return c.json({ status: 'approved' as const, alreadyApproved, summary }, 200);
    },
  )
  .post(
    '/publishes/:id/rejection',
    accepts('application/json'),
    validate('param', byId),
    validate('json', rejection),
    async (c) => {
      const { id } = c.req.valid('param');
      const { reason } = c.req.valid('json');
      const [{ rows }, [publish]] = await asStaff(c, (db) => [
        rejectPublish(db, id, reason),
        readPublish(db, id),
      ]);
      decided(rows);
      c.env.kick('deliver-mail');
      return c.json({ publish }, 200);
    },
  );
