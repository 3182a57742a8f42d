import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import { listIssuePhotos } from '../../domain/issue.ts';
import {
  listAssignees,
  listCreditNotes,
  listDeskMessages,
  listIssueLines,
  listIssueNotes,
  listIssues,
  readDeskIssue,
  readDeskPhoto,
} from '../../domain/issue-desk.ts';
import { assignIssue, noteIssue, replyIssue, setIssueStatus } from '../../domain/issue-handling.ts';
import { AppError } from '../../errors.ts';
import { ISSUE_FILTERS, ISSUE_STATUSES, PAGE_SIZE } from '../../vocabulary.ts';
import { bodyOf } from '../bytes.ts';
import { photoHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const byPhoto = byId.extend({ photo: z.uuid() });
const listQuery = z.object({
  status: z.enum(ISSUE_FILTERS).optional(),
  assignee: z
    .union([z.enum(['me', 'none']), z.uuid().transform((memberId) => ({ memberId }))])
    .optional(),
  customer: z.uuid().optional(),
  q: z.string().trim().max(100).optional(),
  cursor: cursorOf(momentKey).optional(),
});
const onceKey = z.object({
  'idempotency-key': z.string().regex(/^[A-Za-z0-9_-]{8,100}$/, '8 to 100 letters and digits'),
});
const words = z.string().trim().min(1).max(4_000);
const reply = z.object({ body: words, status: z.enum(ISSUE_STATUSES).optional() });
const wantedStatus = z
  .object({
    status: z.enum(ISSUE_STATUSES),
    creditNoteNumber: z.string().trim().min(1).max(100).nullish(),
  })
  .refine(({ status, creditNoteNumber }) => status === 'resolved' || !creditNoteNumber, {
    path: ['creditNoteNumber'],
    message: 'only of a resolved report',
  });

/** @throws AppError for every status but `ok` */
function done<T extends { status: 'ok' | 'forbidden' | 'not_found' | 'credit_note_unknown' }>([
  row,
]: T[]): T {
  if (row === undefined) {
    throw new AppError('internal', 'a report without a status');
  }
  if (row.status !== 'ok') {
    throw new AppError(row.status, `refused: ${row.status}`);
  }
  return row;
}

/** What customers report, and what staff answer, note and decide. */
export const issueDesk = new Hono<AppEnv>()
  .get('/issues', validate('query', listQuery), async (c) => {
    const [rows] = await asStaff(c, (db) => [listIssues(db, c.req.valid('query'))]);
    const listed = page(rows, PAGE_SIZE, (row) => [row.changedAt, row.id]);
    return c.json({ issues: listed.rows, nextCursor: listed.nextCursor }, 200);
  })
  .get('/issues/:id', validate('param', byId), async (c) => {
    const { id } = c.req.valid('param');
    const [[issue], lines, messages, notes, photos, assignees, creditNotes] = await asStaff(
      c,
      (db) => [
        readDeskIssue(db, id),
        listIssueLines(db, id),
        listDeskMessages(db, id),
        listIssueNotes(db, id),
        listIssuePhotos(db, id),
        listAssignees(db),
        listCreditNotes(db, id),
      ],
    );
    if (issue === undefined) {
      throw new AppError('not_found', 'no such report');
    }
    const numbers = creditNotes.rows.map(({ number }) => number);
    const answer = { issue, lines, messages, notes, photos, assignees, creditNotes: numbers };
    return c.json(answer, 200);
  })
  .get('/issues/:id/photos/:photo', validate('param', byPhoto), async (c) => {
    const { id, photo: photoId } = c.req.valid('param');
    const { member, results } = await asMember(c, (db) => [readDeskPhoto(db, id, photoId)]);
    const [[photo]] = results;
    if (photo === undefined) {
      throw new AppError('not_found', 'no such photo');
    }
    const object = await c.env.ports.bucket.get(`${member.orgId}/photos/${photo.sha256}`);
    if (object === null) {
      throw new AppError('document_unavailable', 'the bucket does not hold the photo');
    }
    const headers = photoHeaders(photo.fileName, object.size, photo.mediaType);
    return new Response(bodyOf(object), { status: 200, headers });
  })
  .post(
    '/issues/:id/messages',
    accepts('application/json'),
    validate('param', byId),
    validate('header', onceKey),
    validate('json', reply),
    async (c) => {
      const { id } = c.req.valid('param');
      const { body, status = null } = c.req.valid('json');
      const key = c.req.valid('header')['idempotency-key'];
      const [{ rows }, [issue], messages] = await asStaff(c, (db) => [
        replyIssue(db, id, { body, key, status }),
        readDeskIssue(db, id),
        listDeskMessages(db, id),
      ]);
      const { messageId, isNew } = done(rows);
      c.env.kick('deliver-mail');
      const message = messages.find((each) => each.id === messageId);
      return c.json({ issue, message }, isNew ? 201 : 200);
    },
  )
  .post(
    '/issues/:id/notes',
    accepts('application/json'),
    validate('param', byId),
    validate('json', z.object({ body: words })),
    async (c) => {
      const { id } = c.req.valid('param');
      const [{ rows }] = await asStaff(c, (db) => [noteIssue(db, id, c.req.valid('json').body)]);
      return c.json({ id: done(rows).noteId }, 201);
    },
  )
  .put(
    '/issues/:id/status',
    accepts('application/json'),
    validate('param', byId),
    validate('json', wantedStatus),
    async (c) => {
      const { id } = c.req.valid('param');
      const { status, creditNoteNumber = null } = c.req.valid('json');
      const [{ rows }, [issue]] = await asStaff(c, (db) => [
        setIssueStatus(db, id, { status, creditNoteNumber }),
        readDeskIssue(db, id),
      ]);
      done(rows);
      return c.json({ issue }, 200);
    },
  )
  .put(
    '/issues/:id/assignee',
    accepts('application/json'),
    validate('param', byId),
    validate('json', z.object({ memberId: z.uuid().nullable() })),
    async (c) => {
      const { id } = c.req.valid('param');
      const { memberId } = c.req.valid('json');
      const [{ rows }, [issue]] = await asStaff(c, (db) => [
        assignIssue(db, id, memberId),
        readDeskIssue(db, id),
      ]);
      done(rows);
      return c.json({ issue }, 200);
    },
  );
