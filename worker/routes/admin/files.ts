import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import {
  fileKey,
  nameFile,
  readFile,
  removeFile,
  untickDocuments,
} from '../../domain/staged-file.ts';
import { readPublishStatus } from '../../domain/staged-item.ts';
import { AppError } from '../../errors.ts';
import { PDF_MAX_BYTES } from '../../vocabulary.ts';
import { bodyOf, readBytes, sha256 } from '../bytes.ts';
import { fileHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';

const byName = z.object({
  org: z.string(),
  id: z.uuid(),
  // A base name: no path, no control characters, nothing that a file system would trip over.
  name: z
    .string()
    .max(200)
    .regex(/^[^\\/\p{Cc}]+\.pdf$/iu),
});

const PDF_MAGIC = [0x25, 0x50, 0x44, 0x46, 0x2d];

/** The PDFs of a publish, one request a file; before the CSV or after it. */
export const files = new Hono<AppEnv>()
  .put(
    '/publishes/:id/files/:name',
    accepts('application/pdf'),
    validate('param', byName),
    async (c) => {
      const { id, name } = c.req.valid('param');
      const { member, results } = await asMember(c, (db) => [readPublishStatus(db, id)]);
      const [publish] = results[0].rows;
      if (publish === undefined) {
        throw new AppError('not_found', 'no such publish');
      }
      if (publish.status !== 'staged') {
        throw new AppError('publish_not_staged', 'the publish is decided');
      }
      const bytes = await readBytes(c.req.raw, PDF_MAX_BYTES);
      if (PDF_MAGIC.some((byte, at) => bytes[at] !== byte)) {
        throw new AppError('not_a_pdf', 'no %PDF- at its beginning', { fields: { name } });
      }
      const hash = await sha256(bytes);
      // The bytes first: a name in the database always has its bytes. Known bytes are not stored again.
      await c.env.ports.bucket.put(fileKey(member.orgId, hash), bytes, {
        sha256: hash,
        onlyIf: { etagDoesNotMatch: '*' },
        httpMetadata: { contentType: 'application/pdf' },
      });
      const file = { name, sha256: hash, size: bytes.byteLength };
      const [{ rows }] = await asStaff(c, (db) => [
        nameFile(db, id, file),
        untickDocuments(db, id, name, 'named'),
      ]);
      const [named] = rows;
      if (named === undefined) {
        throw new AppError('not_found', 'no such publish');
      }
      return c.json({ file: { id: named.id, ...file }, unchanged: named.unchanged }, 201);
    },
  )
  .get('/publishes/:id/files/:name', validate('param', byName), async (c) => {
    const { id, name } = c.req.valid('param');
    const { member, results } = await asMember(c, (db) => [readFile(db, id, name)]);
    const [file] = results[0].rows;
    if (file === undefined) {
      throw new AppError('not_found', 'no such file');
    }
    const object = await c.env.ports.bucket.get(fileKey(member.orgId, file.sha256));
    if (object === null) {
      throw new AppError('document_unavailable', 'the bucket does not hold the file');
    }
    const headers = fileHeaders(file.name, object.size, 'inline');
    return new Response(bodyOf(object), { status: 200, headers });
  })
  .delete('/publishes/:id/files/:name', validate('param', byName), async (c) => {
    const { id, name } = c.req.valid('param');
    const [, { rows }] = await asStaff(c, (db) => [
      untickDocuments(db, id, name, 'removed'),
      removeFile(db, id, name),
    ]);
    if (rows.length === 0) {
      throw new AppError('not_found', 'no such file');
    }
    return c.body(null, 204);
  });
