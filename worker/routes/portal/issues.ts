import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { readVisitor } from '../../domain/customer.ts';
import {
  answerIssue,
  auditIssueView,
  listIssueMessages,
  listIssuePhotos,
  listIssues,
  readAnswer,
  readIssue,
  readReported,
  reportIssue,
} from '../../domain/issue.ts';
import { AppError } from '../../errors.ts';
import {
  ISSUE_DESCRIPTION_MAX_CHARACTERS,
  ISSUE_DESCRIPTION_MIN_CHARACTERS,
  ISSUE_KINDS,
  ISSUE_MESSAGE_MAX_CHARACTERS,
} from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { servePhoto, takePhoto } from './issue-photos.ts';
import { onlyVisitor } from './visitor.ts';

const byId = z.object({ token: z.string(), id: z.uuid() });
const onceKey = z.object({ 'idempotency-key': z.string().regex(/^[A-Za-z0-9_-]{8,100}$/) });

/** Text of a number of characters, as Postgres counts them: JavaScript counts some twice. */
const textOf = (min: number, max: number) =>
  z
    .string()
    .trim()
    .refine((text) => [...text].length >= min, `at least ${min} characters`)
    .refine((text) => [...text].length <= max, `at most ${max} characters`);

const report = z.object({
  kind: z.enum(ISSUE_KINDS),
  description: textOf(ISSUE_DESCRIPTION_MIN_CHARACTERS, ISSUE_DESCRIPTION_MAX_CHARACTERS),
  lineNumbers: z
    .array(z.int().min(0).max(2_147_483_647))
    .max(200)
    .transform((numbers) => [...new Set(numbers)].sort((a, b) => a - b)),
  contactEmail: z.email().max(254),
  contactPhone: textOf(0, 40)
    .nullish()
    .transform((phone) => phone || null),
});

/** @throws AppError `not_found` for an issue that is not this customer's */
export async function readIssuePage(c: Context<AppEnv>, issueId: string) {
  const [visitors, [issue], messages, photos] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    readIssue(db, issueId),
    listIssueMessages(db, issueId),
    listIssuePhotos(db, issueId),
    auditIssueView(db, issueId),
  ]);
  if (issue === undefined) {
    throw new AppError('not_found', 'no such issue');
  }
  return { ...onlyVisitor(visitors), issue, messages, photos };
}
export type IssuePage = Awaited<ReturnType<typeof readIssuePage>>;

/** What is wrong with an order: reported, with photos, and talked about. */
export const issues = new Hono<AppEnv>()
  .get('/issues', async (c) => {
    const [issues] = await asCustomer(c, 'issues.listed', (db) => [listIssues(db)]);
    return c.json({ issues }, 200);
  })
  .post(
    '/orders/:id/report-issue',
    accepts('application/json'),
    validate('param', byId),
    validate('header', onceKey),
    validate('json', report),
    async (c) => {
      const { 'idempotency-key': key } = c.req.valid('header');
      const wanted = { ...c.req.valid('json'), orderId: c.req.valid('param').id, key };
      const [{ rows }, [issue]] = await asCustomer(c, null, (db) => [
        reportIssue(db, wanted),
        readReported(db, key),
      ]);
      const status = rows[0]?.status;
      if (status === 'lines_unknown') {
        throw new AppError('invalid', 'lines that the order does not show', {
          fields: { lineNumbers: 'lines of this order' },
        });
      }
      if (status === 'conflict') {
        throw new AppError('conflict', 'the key is of a report of another order');
      }
      if (status === 'not_found' || issue === undefined) {
        throw new AppError('not_found', 'no such order');
      }
      if (status === 'sent_before') {
        throw new AppError('sent_before', 'the key is of a report that says something else', {
          fields: { issueId: issue.id, number: issue.number },
        });
      }
      c.env.kick('deliver-mail');
      return c.json({ issue }, status === 'known' ? 200 : 201);
    },
  )
  .get('/issues/:id', validate('param', byId), async (c) =>
    c.json(await readIssuePage(c, c.req.valid('param').id), 200),
  )
  .post(
    '/issues/:id/photos',
    validate('param', byId),
    validate('query', z.object({ name: z.string().max(1000).default('') })),
    async (c) => {
      const { photo, isKnown } = await takePhoto(c, c.req.valid('param').id, c.req.valid('query'));
      return c.json({ photo }, isKnown ? 200 : 201);
    },
  )
  .get('/issues/:id/photos/:photo', validate('param', byId.extend({ photo: z.uuid() })), (c) => {
    const { id, photo } = c.req.valid('param');
    return servePhoto(c, id, photo);
  })
  .post(
    '/issues/:id/messages',
    accepts('application/json'),
    validate('param', byId),
    validate('header', onceKey),
    validate('json', z.object({ body: textOf(1, ISSUE_MESSAGE_MAX_CHARACTERS) })),
    async (c) => {
      const { id } = c.req.valid('param');
      const { 'idempotency-key': key } = c.req.valid('header');
      const { body } = c.req.valid('json');
      const [{ rows }, [message]] = await asCustomer(c, null, (db) => [
        answerIssue(db, id, { key, body }),
        readAnswer(db, id, key),
      ]);
      if (rows[0] === undefined || message === undefined) {
        throw new AppError('not_found', 'no such issue');
      }
      if (rows[0].status === 'sent_before') {
        throw new AppError('sent_before', 'the key is of an answer that says something else', {
          fields: { issueId: id, messageId: message.id },
        });
      }
      c.env.kick('deliver-mail');
      return c.json({ message }, rows[0].status === 'known' ? 200 : 201);
    },
  );
