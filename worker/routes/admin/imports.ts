import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import {
  importKey,
  insertImport,
  readImport,
  readProfile,
  readPublishStatus,
  readStagedBefore,
  viewImport,
  withProfile,
} from '../../domain/import.ts';
import { AppError } from '../../errors.ts';
import { detect, HEAD_BYTES } from '../../import/reading.ts';
import { sha256 } from '../../sha256.ts';
import { CSV_MAX_BYTES, DELIMITERS, ENCODINGS } from '../../vocabulary.ts';
import { readBytes } from '../bytes.ts';
import { validate } from '../validate.ts';
import { existing, readable, readHead } from './import-file.ts';

const upload = z.object({
  name: z.string().trim().min(1).max(200),
  publish: z.uuid().optional(),
});
const byId = z.object({ org: z.string(), id: z.uuid() });
const given = z.object({
  encoding: z.enum(ENCODINGS).optional(),
  delimiter: z.enum(DELIMITERS).optional(),
  headerLine: z.coerce.number().int().min(1).max(1_000_000).optional(),
});

/** CSVs as they come in: kept, and told how they would be read. Staging them is staging.ts. */
export const imports = new Hono<AppEnv>()
  .post('/imports', accepts('text/csv'), validate('query', upload), async (c) => {
    const { name, publish } = c.req.valid('query');
    // Before the file is read: who may not stage here need not send it.
    const { member, results } = await asMember(c, (db) => [readPublishStatus(db, publish ?? null)]);
    const [found] = results[0].rows;
    if (publish !== undefined) {
      if (found === undefined) {
        throw new AppError('not_found', 'no such publish');
      }
      if (found.status !== 'staged') {
        throw new AppError('publish_not_staged', 'the publish is decided');
      }
    }
    const bytes = await readBytes(c.req.raw, CSV_MAX_BYTES);
    const detected = readable(detect(bytes.subarray(0, HEAD_BYTES)));
    const id = crypto.randomUUID();
    const hash = await sha256(bytes);
    const facts = {
      id,
      publishId: publish ?? null,
      fileName: name,
      size: bytes.byteLength,
      sha256: hash,
    };
    // The bytes first: an import in the database always has its bytes.
    await c.env.ports.bucket.put(importKey(member.orgId, id), bytes, {
      sha256: hash,
      httpMetadata: { contentType: 'text/csv' },
    });
    const [, { rows }, { rows: profiles }, { rows: before }] = await asStaff(c, (db) => [
      insertImport(db, facts),
      readImport(db, id),
      readProfile(db, detected.fingerprint),
      readStagedBefore(db, hash, id),
    ]);
    const [alreadyStaged] = before;
    const view = viewImport(existing(rows), {
      detected: withProfile(detected, profiles[0]),
      ...(alreadyStaged === undefined ? {} : { alreadyStaged }),
    });
    return c.json({ import: view }, 201);
  })
  .get('/imports/:id', validate('param', byId), validate('query', given), async (c) => {
    const { id } = c.req.valid('param');
    const query = c.req.valid('query');
    const { member, results } = await asMember(c, (db) => [readImport(db, id)]);
    const row = existing(results[0].rows);
    const said = Object.fromEntries(
      Object.entries(query).filter(([, value]) => value !== undefined),
    );
    const isAsked = Object.keys(said).length > 0;
    const kept = isAsked ? null : row.reading;
    if (row.size === 0) {
      // It was staged before the bytes were kept.
      return c.json({ import: viewImport(row) }, 200);
    }
    const head = await readHead(c.env.ports.bucket, member.orgId, row);
    const detected = readable(detect(head, kept ?? said));
    const [{ rows: profiles }, { rows: before }] = await asStaff(c, (db) => [
      readProfile(db, detected.fingerprint),
      readStagedBefore(db, row.sha256, id),
    ]);
    const [alreadyStaged] = before;
    const view = viewImport(row, {
      // What somebody has confirmed is what it is read by, and asks nothing.
      detected:
        kept === null
          ? withProfile(detected, profiles[0])
          : { ...detected, ...kept, questions: [], profile: null },
      ...(alreadyStaged === undefined ? {} : { alreadyStaged }),
    });
    return c.json({ import: view }, 200);
  });
