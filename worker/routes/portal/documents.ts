import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { takeDocument } from '../../domain/document.ts';
import { fileKey } from '../../domain/staged-file.ts';
import { AppError } from '../../errors.ts';
import { DISPOSITIONS, type Disposition } from '../../vocabulary.ts';
import { bodyOf } from '../bytes.ts';
import { fileHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';

const query = z.object({ disposition: z.enum(DISPOSITIONS).default('attachment') });
const ofCustomer = z.object({ token: z.string(), document: z.uuid() });
const ofOrder = ofCustomer.extend({ order: z.uuid() });

/**
 * The bytes of a document. The check and the event are one transaction, before the first byte; a
 * HEAD asks the same and takes nothing.
 */
async function serveDocument(
  c: Context<AppEnv>,
  documentId: string,
  orderId: string | null,
  disposition: Disposition,
): Promise<Response> {
  const isHead = c.req.method === 'HEAD';
  const [{ rows }] = await asCustomer(c, null, (db) => [
    takeDocument(db, { documentId, orderId, disposition, counted: !isHead }),
  ]);
  const [document] = rows;
  if (document === undefined) {
    throw new AppError('not_found', 'no such document');
  }
  const size = Number(document.file_size);
  const key = fileKey(document.org_id, document.file_sha256);
  const { bucket } = c.env.ports;
  const stored = isHead ? null : await bucket.get(key);
  const found = stored ?? (isHead ? await bucket.head(key) : null);
  // Never an empty 200, and never bytes that are not the ones that were approved.
  if (found === null || found.size !== size) {
    throw new AppError('document_unavailable', 'the bucket does not hold the file');
  }
  const headers = fileHeaders(`${document.number}.pdf`, size, disposition);
  return new Response(stored && bodyOf(stored), { status: 200, headers });
}

/** A customer's documents: taken, one at a time. */
export const documents = new Hono<AppEnv>()
  .get('/documents/:document', validate('param', ofCustomer), validate('query', query), (c) =>
    serveDocument(c, c.req.valid('param').document, null, c.req.valid('query').disposition),
  )
  .get(
    '/orders/:order/documents/:document',
    validate('param', ofOrder),
    validate('query', query),
    (c) => {
      const { order, document } = c.req.valid('param');
      return serveDocument(c, document, order, c.req.valid('query').disposition);
    },
  );
