import type { R2Bucket } from '@cloudflare/workers-types';
import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember } from '../../access/guards.ts';
import {
  listSeals,
  readLastSeal,
  readSeal,
  readSealDelay,
  type Seal,
  type SealState,
  sealKey,
} from '../../domain/seal.ts';
import { AppError } from '../../errors.ts';
import { validate } from '../validate.ts';

/** Each is asked for in the bucket, and one request may ask outside fifty times. */
const SEALS_A_PAGE = 40;
/** Six connections may be open at once. */
const AT_ONCE = 6;

const query = z.object({
  /** The number of the last seal that is known. */
  after: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

/** What the bucket kept of a seal, or null. */
async function witnessOf(bucket: R2Bucket, orgId: string, number: number): Promise<Seal | null> {
  const object = await bucket.get(sealKey(orgId, number));
  return object && readSeal(await object.text());
}

/** The seals of the audit trail, as the database has them and as the bucket does: an owner's; the latest, any member's. */
export const seals = new Hono<AppEnv>()
  .get('/seals', validate('query', query), async (c) => {
    const { after } = c.req.valid('query');
    const { member, results } = await asMember(c, (db) => [listSeals(db, after, SEALS_A_PAGE)]);
    if (member.role !== 'owner') {
      throw new AppError('forbidden', 'only an owner reads the seals');
    }
    const [rows] = results;
    const listed: { number: number; database: Seal | null; bucket: Seal | null }[] = [];
    // The bucket is asked for each number, also behind the database's last: it may know of more.
    const numbers = Array.from({ length: SEALS_A_PAGE }, (_, at) => after + 1 + at);
    for (let from = 0; from < numbers.length; from += AT_ONCE) {
      const asked = numbers.slice(from, from + AT_ONCE).map(async (number) => ({
        number,
        database: rows.find((row) => row.number === number) ?? null,
        bucket: await witnessOf(c.env.ports.bucket, member.orgId, number),
      }));
      listed.push(...(await Promise.all(asked)));
    }
    const known = listed.filter(({ database, bucket }) => database !== null || bucket !== null);
    const last = known.at(-1)?.number;
    return c.json(
      { seals: known, nextAfter: last === numbers.at(-1) ? (last ?? null) : null },
      200,
    );
  })
  .get('/seals/latest', async (c) => {
    const { member, results } = await asMember(c, (db) => [readLastSeal(db), readSealDelay(db)]);
    const [[seal = null], delay] = results;
    const witness = seal && (await witnessOf(c.env.ports.bucket, member.orgId, seal.number));
    return c.json({ seal, state: stateOf(seal, witness, delay.rows[0]?.overdue ?? false) }, 200);
  });

function stateOf(seal: Seal | null, witness: Seal | null, overdue: boolean): SealState {
  if (seal && witness && (witness.head !== seal.head || witness.upTo !== seal.upTo)) {
    return 'differs';
  }
  if (overdue) {
    return 'overdue';
  }
  if (seal === null) {
    return 'none';
  }
  return witness === null ? 'not_kept' : 'kept';
}
