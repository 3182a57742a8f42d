import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { type Cursor, cursorOf, momentKey, page } from '../../domain/cursor.ts';
import { readVisitor } from '../../domain/customer.ts';
import { listNotifications, markRead } from '../../domain/notification.ts';
import { AppError } from '../../errors.ts';
import { PAGE_SIZE } from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { onlyVisitor } from './visitor.ts';

/** What the customer was told of, newest first, and what of it this person has not read. */
export async function readNotifications(c: Context<AppEnv>, cursor?: Cursor) {
  const [visitors, { rows: listed }] = await asCustomer(c, 'notifications.listed', (db) => [
    readVisitor(db),
    listNotifications(db, cursor),
  ]);
  const { rows: notifications, nextCursor } = page(
    listed,
    PAGE_SIZE,
    (row) => [row.createdAt, row.id] as const,
  );
  return { ...onlyVisitor(visitors), notifications, nextCursor };
}
export type NotificationsPage = Awaited<ReturnType<typeof readNotifications>>;

/** What a customer was told of, and how far this person has read it: `until` is the newest that they saw. */
export const notifications = new Hono<AppEnv>()
  .get(
    '/notifications',
    validate('query', z.object({ cursor: cursorOf(momentKey).optional() })),
    async (c) => c.json(await readNotifications(c, c.req.valid('query').cursor), 200),
  )
  .post(
    '/notifications/read',
    accepts('application/json'),
    validate('json', z.strictObject({ until: momentKey })),
    async (c) => {
      const { until } = c.req.valid('json');
      const [{ rows }] = await asCustomer(c, null, (db) => [markRead(db, until)]);
      const [read] = rows;
      if (read === undefined) {
        throw new AppError('preview_only', 'a preview reads nothing for them');
      }
      return c.json(read, 200);
    },
  );
