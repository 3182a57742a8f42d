import { Hono } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../../access/guards.ts';
import { cursorOf, dayKey } from '../../domain/cursor.ts';
import { DISPOSITIONS, DOCUMENT_KINDS, SEARCH_MAX_CHARACTERS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { BACKWARDS, days, inOrder } from './days.ts';
import { serveDocument } from './document-response.ts';
import { readDocumentsPage } from './documents-page.ts';
import { serveZip } from './documents-zip.ts';

const disposition = z.object({ disposition: z.enum(DISPOSITIONS).default('attachment') });
const ofCustomer = z.object({ token: z.string(), document: z.uuid() });
const ofOrder = z.object({ token: z.string(), order: z.uuid() });
/** Which documents. */
const documentFields = z.object({
  kind: z
    .enum(DOCUMENT_KINDS)
    .transform((kind) => [kind])
    .optional(),
  q: z.string().trim().max(SEARCH_MAX_CHARACTERS).optional(),
  ...days,
});
export const documentFilter = {
  fields: documentFields,
  whole: documentFields.refine(inOrder, BACKWARDS),
};
/** `ids`: chosen one by one, with commas between them. */
const zipQuery = documentFields
  .extend({
    ids: z
      .string()
      .transform((ids) => [...new Set(ids.split(','))])
      .pipe(z.array(z.uuid()))
      .optional(),
  })
  .refine(inOrder, BACKWARDS);
const documentQuery = documentFields
  .extend({ cursor: cursorOf(dayKey).optional() })
  .refine(inOrder, BACKWARDS);

/** A customer's documents: listed, and taken, one at a time or as a ZIP. */
export const documents = new Hono<AppEnv>()
  .get('/documents', validate('query', documentQuery), async (c) =>
    c.json(await readDocumentsPage(c, c.req.valid('query')), 200),
  )
  .get('/documents.zip', validate('query', zipQuery), (c) =>
    serveZip(c, 'documents', { ...c.req.valid('query'), orderId: null }),
  )
  .get('/orders/:order/documents.zip', validate('param', ofOrder), (c) =>
    serveZip(c, 'documents', { orderId: c.req.valid('param').order }),
  )
  .get('/documents/:document', validate('param', ofCustomer), validate('query', disposition), (c) =>
    serveDocument(c, {
      documentId: c.req.valid('param').document,
      orderId: null,
      ...c.req.valid('query'),
    }),
  )
  .get(
    '/orders/:order/documents/:document',
    validate('param', ofCustomer.extend(ofOrder.shape)),
    validate('query', disposition),
    (c) => {
      const { order, document } = c.req.valid('param');
      return serveDocument(c, {
        documentId: document,
        orderId: order,
        ...c.req.valid('query'),
      });
    },
  );
