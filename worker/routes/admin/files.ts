import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { crc32 } from '../../crc32.ts';
import { asProblems, keepInspected, readInspected, readUploadTerms } from '../../domain/file.ts';
import {
  fileKey,
  listFiles,
  type NamedBytes,
  type NamedFile,
  nameFile,
  openFile,
  readFile,
  readMatching,
  removeFile,
  untickDocuments,
} from '../../domain/staged-file.ts';
import { AppError } from '../../errors.ts';
import { inspect, looksLikePdf } from '../../pdf/inspect.ts';
import { sha256 } from '../../sha256.ts';
import { bodyOf, readBytes } from '../bytes.ts';
import { fileHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
// One name has one spelling: a Mac's folders hand theirs over taken apart.
const byName = byId.extend({ name: z.string().max(1_000).normalize('NFC') });
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 in small hex');

const NAME_MAX_CHARACTERS = 200;
/** Control characters, and marks that turn the direction of writing: both make a name look like another. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with the name of a new file, in words, or null. */
function nameProblem(name: string): string | null {
  if (name.length > NAME_MAX_CHARACTERS) {
    return `at most ${NAME_MAX_CHARACTERS} characters`;
  }
  if (/[\\/]/.test(name)) {
    return 'a name without folders';
  }
  if (UNSEEN.test(name)) {
    return 'a name without control characters';
  }
  return /^.+\.pdf$/i.test(name) ? null : 'a name that ends in .pdf';
}

/** The PDFs of a publish, one request a file; before the CSV or after it. */
export const files = new Hono<AppEnv>()
  .get('/publishes/:id/files', validate('param', byId), async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [listFiles(db, c.req.valid('param').id)]);
    const [row] = rows;
    if (row === undefined) {
      throw new AppError('not_found', 'no such publish');
    }
    return c.json({ files: row.files }, 200);
  })
  .get('/publishes/:id/matching', validate('param', byId), async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [readMatching(db, c.req.valid('param').id)]);
    const [row] = rows;
    if (row === undefined) {
      throw new AppError('not_found', 'no such publish');
    }
    return c.json(row.body, 200);
  })
  // With a hash and no body, bytes that the org has are given the name, and need not be sent. With a
  // hash and a body, the body is held to it.
  .put(
    '/publishes/:id/files/:name',
    accepts('application/pdf'),
    validate('param', byName),
    validate('query', z.object({ sha256: hash.optional() })),
    async (c) => {
      const { id, name } = c.req.valid('param');
      const { sha256: told } = c.req.valid('query');
      const isUpload = told === undefined || nameProblem(name) !== null || !isEmpty(c.req.raw);
      const named = isUpload
        ? await upload(c, id, name, told)
        : await nameKnown(c, id, { name, sha256: told });
      return c.json(named, 201);
    },
  )
  .get('/publishes/:id/files/:name', validate('param', byName), async (c) => {
    const { id, name } = c.req.valid('param');
    const read = isOpening(c.req.raw) ? openFile : readFile;
    const { member, results } = await asMember(c, (db) => [read(db, id, name)]);
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

/** Whether a person begins to look: neither a question about the file nor a further part of it. */
function isOpening({ method, headers }: Request): boolean {
  return method === 'GET' && /^(bytes=0-|$)/.test(headers.get('Range') ?? '');
}

/** Whether a request says that it brings no bytes. */
function isEmpty(request: Request): boolean {
  return request.body === null || request.headers.get('Content-Length') === '0';
}

/** How a file that has its name is told of. */
function answerOf(
  { name, sha256: of }: NamedBytes,
  { findings, unchanged, id, ...known }: NamedFile,
) {
  const { size, pages, served } = known;
  const file = { id, name, sha256: of, size, pages, served };
  return { file, unchanged, findings: asProblems(findings) };
}

/**
 * Names bytes that the org has.
 *
 * @throws AppError `not_found`, `publish_not_staged`; `file_unknown` when the bytes have to be sent
 */
async function nameKnown(c: Context<AppEnv>, publishId: string, bytes: NamedBytes) {
  const [{ rows: publishes }, { rows }] = await asStaff(c, (db) => [
    readUploadTerms(db, publishId),
    nameFile(db, publishId, bytes),
    untickDocuments(db, publishId, bytes.name, 'named'),
  ]);
  stagedOf(publishes);
  const [row] = rows;
  if (row === undefined) {
    throw new AppError('file_unknown', 'nobody of this org has sent these bytes');
  }
  return answerOf(bytes, row);
}

/**
 * Takes the body, inspects what is new of it, and names it.
 *
 * @param expected what the sender says the body's SHA-256 is
 * @throws AppError `not_found`, `publish_not_staged`, `invalid` for its name or its hash, `too_large`,
 *   `not_a_pdf`
 */
async function upload(c: Context<AppEnv>, publishId: string, name: string, expected?: string) {
  const { member, results } = await asMember(c, (db) => [readUploadTerms(db, publishId)]);
  const { maxMegabytes } = stagedOf(results[0].rows);
  const problem = nameProblem(name);
  if (problem !== null) {
    throw new AppError('invalid', 'not a name for a file', { fields: { name: problem } });
  }
  const bytes = await readBytes(c.req.raw, maxMegabytes * 1_000_000);
  if (!looksLikePdf(bytes)) {
    throw new AppError('not_a_pdf', 'no %PDF- at its beginning', { fields: { name } });
  }
  const named = { name, sha256: await sha256(bytes) };
  if (expected !== undefined && expected !== named.sha256) {
    throw new AppError('invalid', 'the body is not what its hash says', {
      fields: { sha256: 'of other bytes' },
    });
  }
  const [{ rows: inspected }] = await asStaff(c, (db) => [readInspected(db, named.sha256)]);
  const isKnown = inspected[0] !== undefined && !inspected[0].collected;
  // The bytes first: a name in the database always has its bytes. Known bytes are not stored again,
  // unless they were collected, and may be on their way out.
  await c.env.ports.bucket.put(fileKey(member.orgId, named.sha256), bytes, {
    sha256: named.sha256,
    httpMetadata: { contentType: 'application/pdf' },
    ...(inspected[0]?.collected ? {} : { onlyIf: { etagDoesNotMatch: '*' } }),
  });
  if (isKnown) {
    return nameKnown(c, publishId, named);
  }
  // Inspection may alter the bytes it is given, so whatever needs them whole comes before it.
  const facts = { sha256: named.sha256, size: bytes.byteLength, crc: crc32(bytes) };
  const found = await inspect(bytes);
  const [, { rows }] = await asStaff(c, (db) => [
    keepInspected(db, { ...facts, ...found }),
    nameFile(db, publishId, named),
    untickDocuments(db, publishId, name, 'named'),
  ]);
  const [row] = rows;
  if (row === undefined) {
    throw new AppError('conflict', 'the publish or the limit has changed meanwhile');
  }
  return answerOf(named, row);
}

/** @throws AppError `not_found`, `publish_not_staged` */
function stagedOf<T extends { status: string }>(rows: T[]): T {
  const [publish] = rows;
  if (publish === undefined) {
    throw new AppError('not_found', 'no such publish');
  }
  if (publish.status !== 'staged') {
    throw new AppError('publish_not_staged', 'the publish is decided');
  }
  return publish;
}
