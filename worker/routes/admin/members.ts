import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import type { Member } from '../../database/context.ts';
import {
  addMember,
  changeMember,
  holdMembers,
  listMembers,
  type MemberVerdict,
} from '../../domain/member.ts';
import { AppError, type FieldErrors } from '../../errors.ts';
import { LOCALES, ROLES } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const name = z.string().trim().min(1).max(120);
const language = z.enum(LOCALES);
const newMember = z
  .object({
    email: z.email().max(254).toLowerCase().nullish(),
    serviceName: z.string().trim().min(3).max(200).nullish(),
    name,
    role: z.enum(ROLES),
    language: language.optional(),
  })
  .refine(({ email, serviceName }) => !email !== !serviceName, {
    path: ['email'],
    message: 'either an address or a service token',
  })
  .refine(({ serviceName, role }) => !serviceName || role === 'clerk', {
    path: ['role'],
    message: 'a service token may import, never approve',
  });
const change = z.object({
  name,
  role: z.enum(ROLES),
  language: language.default('en'),
  active: z.boolean(),
  /** Said once it was refused: one person alone would be left who may approve. */
  confirmed: z.boolean().default(false),
});
/** What a refused change is told. */
const REFUSALS: Record<Exclude<MemberVerdict, 'changed'>, FieldErrors> = {
  last_owner: { role: 'the last active owner stays one' },
  last_approver: { confirmed: 'one person alone would be left who may approve' },
};

/** @throws AppError `forbidden` unless an owner asks, `not_found` when an owner's change met nobody */
function changedBy(member: Member, rows: { id: string }[]): string {
  const [row] = rows;
  if (row !== undefined) {
    return row.id;
  }
  throw member.role === 'owner'
    ? new AppError('not_found', 'no such member')
    : new AppError('forbidden', 'only an owner changes members');
}

/** The supplier's people and machines: any member sees them, an owner changes them. */
export const members = new Hono<AppEnv>()
  .get('/members', async (c) => {
    const { results } = await asMember(c, (db) => [listMembers(db)]);
    return c.json({ members: results[0] }, 200);
  })
  .post('/members', accepts('application/json'), validate('json', newMember), async (c) => {
    const { email, serviceName, ...rest } = c.req.valid('json');
    const { language, ...who } = rest;
    const wanted = { ...who, language, email: email ?? null, serviceName: serviceName ?? null };
    const { member, results } = await asMember(c, (db) => [addMember(db, wanted)]);
    return c.json({ id: changedBy(member, results[0].rows) }, 201);
  })
  .put(
    '/members/:id',
    accepts('application/json'),
    validate('param', byId),
    validate('json', change),
    async (c) => {
      const { id } = c.req.valid('param');
      const wanted = c.req.valid('json');
      const { member, results } = await asMember(c, (db) => [
        holdMembers(db),
        changeMember(db, id, wanted),
      ]);
      const [, { rows }] = results;
      const changed = changedBy(member, rows);
      const verdict = rows[0]?.verdict ?? 'changed';
      if (verdict !== 'changed') {
        throw new AppError('invalid', verdict, { fields: REFUSALS[verdict] });
      }
      return c.json({ id: changed }, 200);
    },
  );
