import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { giveFeedback } from '../../domain/feedback.ts';
import { FEEDBACK_ABOUT } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const given = z.object({
  about: z.enum(FEEDBACK_ABOUT),
  rating: z.int().min(1).max(5),
  comment: z.string().trim().max(500).optional(),
});

/** What a person says of it. The answer is the same whether it was kept or came too soon. */
export const feedback = new Hono<AppEnv>().post(
  '/feedback',
  accepts('application/json'),
  validate('json', given),
  async (c) => {
    await asCustomer(c, null, (db) => [giveFeedback(db, c.req.valid('json'))]);
    return c.json({ status: 'thanked' as const }, 200);
  },
);
