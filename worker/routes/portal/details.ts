import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import {
  listDeliveryAddresses,
  listOwnChanges,
  requestChange,
} from '../../domain/change-request.ts';
import { readVisitor } from '../../domain/customer.ts';
import { readPreferences, setPreferences } from '../../domain/preference.ts';
import { AppError } from '../../errors.ts';
import {
  CHANGE_ADDRESS_MAX_CHARACTERS,
  CHANGE_NAME_MAX_CHARACTERS,
  CHANGE_NOTE_MAX_CHARACTERS,
  LOCALES,
  MAIL_TOPICS,
} from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { onlyVisitor } from './visitor.ts';

const onceKey = z.object({ 'idempotency-key': z.string().regex(/^[A-Za-z0-9_-]{8,100}$/) });

/** Text of at most so many characters, as people count them. */
const textOf = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .refine((text) => [...text].length <= max, `at most ${max} characters`);
/** What stands on one line. */
const lineOf = (max: number) => textOf(max).refine((text) => !/\p{Cc}/u.test(text), 'one line');
const note = textOf(CHANGE_NOTE_MAX_CHARACTERS)
  .nullish()
  .transform((text) => text ?? null);

const contactDetails = z
  .strictObject({
    name: lineOf(CHANGE_NAME_MAX_CHARACTERS).optional(),
    email: z.email().max(254).optional(),
    phone: lineOf(40).optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, 'at least one field');
const wantedChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('contact_details'), fields: contactDetails, note }),
  z.object({
    kind: z.literal('delivery_address'),
    fields: z.strictObject({ address: textOf(CHANGE_ADDRESS_MAX_CHARACTERS) }),
    note,
  }),
]);

const wantedPreferences = z
  .strictObject({
    language: z.enum(LOCALES).optional(),
    mutedMail: z
      .array(z.enum(MAIL_TOPICS))
      .max(MAIL_TOPICS.length)
      .transform((topics) => [...new Set(topics)].sort())
      .optional(),
  })
  .refine(({ language, mutedMail }) => language ?? mutedMail, 'language or mutedMail');

/** What is held of the person who looks and of their company, what they chose, and what they asked to change. */
export async function readDetails(c: Context<AppEnv>) {
  const [visitors, [preferences], addresses, changeRequests] = await asCustomer(
    c,
    'details.viewed',
    (db) => [readVisitor(db), readPreferences(db), listDeliveryAddresses(db), listOwnChanges(db)],
  );
  const visitor = onlyVisitor(visitors);
  return {
    ...visitor,
    preferences: preferences ?? { language: visitor.contact.language, mutedMail: [] },
    deliveryAddresses: addresses.rows.map(({ address }) => address),
    changeRequests,
  };
}
export type Details = Awaited<ReturnType<typeof readDetails>>;

/** What a person chose for themselves, and what they ask their supplier to change. */
export const details = new Hono<AppEnv>()
  .get('/details', async (c) => c.json(await readDetails(c), 200))
  .get('/preferences', async (c) => {
    const [[preferences]] = await asCustomer(c, 'details.viewed', (db) => [readPreferences(db)]);
    if (preferences === undefined) {
      throw new AppError('internal', 'a live credential without a contact');
    }
    return c.json({ preferences }, 200);
  })
  .put(
    '/preferences',
    accepts('application/json'),
    validate('json', wantedPreferences),
    async (c) => {
      const [{ rows }] = await asCustomer(c, null, (db) => [
        setPreferences(db, c.req.valid('json')),
      ]);
      const [preferences] = rows;
      if (preferences === undefined) {
        throw new AppError('preview_only', 'a preview chooses nothing');
      }
      return c.json({ preferences }, 200);
    },
  )
  .get('/change-requests', async (c) => {
    const [changeRequests] = await asCustomer(c, 'details.viewed', (db) => [listOwnChanges(db)]);
    return c.json({ changeRequests }, 200);
  })
  .post(
    '/change-requests',
    accepts('application/json'),
    validate('header', onceKey),
    validate('json', wantedChange),
    async (c) => {
      const { 'idempotency-key': key } = c.req.valid('header');
      const wanted = { ...c.req.valid('json'), key };
      const [{ rows }, changeRequests] = await asCustomer(c, null, (db) => [
        requestChange(db, wanted),
        listOwnChanges(db),
      ]);
      const [asked] = rows;
      if (asked === undefined) {
        throw new AppError('preview_only', 'a preview asks for nothing');
      }
      if (asked.status === 'conflict') {
        throw new AppError('conflict', 'the key is of another request');
      }
      const changeRequest = changeRequests.find(({ id }) => id === asked.requestId);
      return c.json({ changeRequest }, asked.status === 'known' ? 200 : 201);
    },
  );
