import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { csvFile } from '../../csv.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import {
  type ExposureReport,
  noteReported,
  readExposureReport,
  TAKINGS_CSV_MAX,
  TAKINGS_PAGE_SIZE,
} from '../../domain/taking.ts';
import { AppError } from '../../errors.ts';
import { attachmentHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';
import { wanted } from './parts.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const HEADER = [
  'at',
  'taken_as',
  'document_kind',
  'document_number',
  'order_number',
  'customer_code',
  'customer_name',
  'contact_name',
  'contact_email',
  'link_last4',
  'link_label',
  'link_purpose',
  'link_revoked_at',
  'reference',
];

/** @throws AppError `not_found` when nothing of the kind was approved */
function found(rows: { body: ExposureReport }[]): ExposureReport {
  const [row] = rows;
  if (row === undefined) {
    throw new AppError('not_found', 'nothing of the kind was approved');
  }
  return row.body;
}

/** Who has seen what a publish brought, and through which link; before a withdrawal and after it. */
export const exposureReports = new Hono<AppEnv>()
  .get(
    '/publishes/:id/exposure-report',
    validate('param', byId),
    validate('query', wanted.extend({ cursor: cursorOf(momentKey).optional() })),
    async (c) => {
      const { id } = c.req.valid('param');
      const { cursor, ...part } = c.req.valid('query');
      const [{ rows }] = await asStaff(c, (db) => [
        readExposureReport(db, id, part, { cursor, limit: TAKINGS_PAGE_SIZE }),
      ]);
      const { takings, ...report } = found(rows);
      const listed = page(takings, TAKINGS_PAGE_SIZE, (row) => [row.at, row.id]);
      return c.json({ ...report, takings: listed.rows, nextCursor: listed.nextCursor }, 200);
    },
  )
  .get(
    '/publishes/:id/exposure-report.csv',
    validate('param', byId),
    validate('query', wanted),
    async (c) => {
      const { id } = c.req.valid('param');
      const part = c.req.valid('query');
      const [{ rows }] = await asStaff(c, (db) => [
        readExposureReport(db, id, part, { limit: TAKINGS_CSV_MAX }),
        noteReported(db, id, part),
      ]);
      const { takings } = found(rows);
      // A report that left some out without a word would be worse than none.
      if (takings.length > TAKINGS_CSV_MAX) {
        throw new AppError('too_large', `more than ${TAKINGS_CSV_MAX} takings`, {
          fields: { customer: `at most ${TAKINGS_CSV_MAX} rows; ask for one customer` },
        });
      }
      const lines = takings.map(({ at, takenAs, document, customer, contact, link, reference }) => [
        at,
        takenAs,
        document.kind,
        document.number,
        document.orderNumber,
        customer.key,
        customer.name,
        contact.name,
        contact.email,
        link.last4,
        link.label,
        link.purpose,
        link.revokedAt,
        reference,
      ]);
      const headers = attachmentHeaders('exposure-report.csv', 'text/csv; charset=utf-8');
      return new Response(csvFile([HEADER, ...lines]), { status: 200, headers });
    },
  );
