import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import { listFeedback, readFeedbackMean } from '../../domain/feedback.ts';
import { PAGE_SIZE } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const listQuery = z.object({ cursor: cursorOf(momentKey).optional() });

/** What customers say, newest first, and how it was on the whole of late. */
export const feedback = new Hono<AppEnv>().get(
  '/feedback',
  validate('query', listQuery),
  async (c) => {
    const [rows, [recent]] = await asStaff(c, (db) => [
      listFeedback(db, c.req.valid('query').cursor),
      readFeedbackMean(db),
    ]);
    const { rows: shown, nextCursor } = page(rows, PAGE_SIZE, ({ at, id }) => [at, id] as const);
    return c.json({ feedback: shown, nextCursor, recent: recent ?? { count: 0, mean: null } }, 200);
  },
);
