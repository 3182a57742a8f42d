import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { asProblems, keepInspected, readInspected, readUploadTerms } from '../../domain/file.ts';
import {
  fileKey,
  nameFile,
  readFile,
  removeFile,
  untickDocuments,
} from '../../domain/staged-file.ts';
import { AppError } from '../../errors.ts';
import { crc32 } from '../../pdf/crc32.ts';
import { inspect, looksLikePdf } from '../../pdf/inspect.ts';
import { sha256 } from '../../sha256.ts';
import { bodyOf, readBytes } from '../bytes.ts';
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

/** The PDFs of a publish, one request a file; before the CSV or after it. */
export const files = new Hono<AppEnv>()
  .put(
    '/publishes/:id/files/:name',
    accepts('application/pdf'),
    validate('param', byName),
    async (c) => {
      const { id, name } = c.req.valid('param');
      const { member, results } = await asMember(c, (db) => [readUploadTerms(db, id)]);
      const [publish] = results[0].rows;
      if (publish === undefined) {
        throw new AppError('not_found', 'no such publish');
      }
      if (publish.status !== 'staged') {
        throw new AppError('publish_not_staged', 'the publish is decided');
      }
      const bytes = await readBytes(c.req.raw, publish.max_megabytes * 1_000_000);
      if (!looksLikePdf(bytes)) {
        throw new AppError('not_a_pdf', 'no %PDF- at its beginning', { fields: { name } });
      }
      const hash = await sha256(bytes);
      const size = bytes.byteLength;
      const [{ rows: inspected }] = await asStaff(c, (db) => [readInspected(db, hash)]);
      const [known] = inspected;
      // The bytes first: a name in the database always has its bytes. Known bytes are not stored again,
      // unless they were collected, and may be on their way out.
      await c.env.ports.bucket.put(fileKey(member.orgId, hash), bytes, {
        sha256: hash,
        httpMetadata: { contentType: 'application/pdf' },
        ...(known?.collected ? {} : { onlyIf: { etagDoesNotMatch: '*' } }),
      });
      // Inspection may alter the bytes it is given, so whatever needs them whole comes before it.
      const crc = crc32(bytes);
      const found = known && !known.collected ? known : { crc, ...(await inspect(bytes)) };
      const file = { name, sha256: hash, size };
      const [{ rows }] = await asStaff(c, (db) => [
        nameFile(db, id, file),
        untickDocuments(db, id, name, 'named'),
        ...('text' in found ? [keepInspected(db, { ...file, ...found })] : []),
      ]);
      const [row] = rows;
      if (row === undefined) {
        throw new AppError('not_found', 'no such publish');
      }
      const { pages, served } = found;
      return c.json(
        {
          file: { id: row.id, ...file, pages, served },
          unchanged: row.unchanged,
          findings: asProblems(found.findings),
        },
        201,
      );
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
