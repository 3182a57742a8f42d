import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import {
  type CarrierStateRow,
  checkNow,
  countPolled,
  INTEGRATIONS,
  listIntegrationLog,
  readCarrierStates,
  readCheckPause,
  readMailFailure,
  readMailState,
} from '../../domain/integration.ts';
import { AppError } from '../../errors.ts';
import { CARRIERS, INTEGRATION_OUTCOMES, PAGE_SIZE } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byCarrier = z.object({ org: z.string(), carrier: z.enum(CARRIERS) });
const logQuery = z.object({
  integration: z.enum(INTEGRATIONS).optional(),
  outcome: z.enum(INTEGRATION_OUTCOMES).optional(),
  cursor: cursorOf(momentKey).optional(),
});

/** A carrier that was never asked. */
const NEVER_ASKED: Omit<CarrierStateRow, 'carrier'> = {
  hourCalls: 0,
  failures: 0,
  openUntil: null,
  lastSuccessAt: null,
  lastError: null,
  lastErrorAt: null,
};

/** Whether the services that we depend on are set up, and how they fare. */
export const integrations = new Hono<AppEnv>()
  .get('/integrations', async (c) => {
    const [states, polled, mail, failure] = await asStaff(c, (db) => [
      readCarrierStates(db),
      countPolled(db),
      readMailState(db),
      readMailFailure(db),
    ]);
    const { carriers, webhookSecret } = c.env.ports;
    return c.json(
      {
        carriers: CARRIERS.map((code) => {
          const {
            shipments = 0,
            due = 0,
            failing = 0,
          } = polled.rows.find(({ carrier }) => carrier === code) ?? {};
          return {
            ...NEVER_ASKED,
            ...states.rows.find(({ carrier }) => carrier === code),
            carrier: code,
            /** Null: its account is not set up. */
            callsPerHour: carriers[code]?.callsPerHour ?? null,
            shipments,
            due,
            failing,
          };
        }),
        mail: {
          ...{ lastSuccessAt: null, waiting: 0, failed: 0 },
          ...mail.rows[0],
          lastFailure: failure.rows[0] ?? null,
          /** Without it nobody tells us of a bounce. */
          hearsBack: webhookSecret !== null,
        },
      },
      200,
    );
  })
  .get('/integrations/log', validate('query', logQuery), async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [listIntegrationLog(db, c.req.valid('query'))]);
    const listed = page(rows, PAGE_SIZE, (row) => [row.at, row.id]);
    return c.json({ entries: listed.rows, nextCursor: listed.nextCursor }, 200);
  })
  .post('/integrations/:carrier/checks', validate('param', byCarrier), async (c) => {
    const { carrier } = c.req.valid('param');
    const account = c.env.ports.carriers[carrier];
    if (account === undefined) {
      throw new AppError('not_found', 'a carrier without an account is not asked');
    }
    const [pause, { rows }] = await asStaff(c, (db) => [
      readCheckPause(db, carrier),
      checkNow(db, carrier, account.callsPerHour),
    ]);
    const [asked] = rows;
    const retryAfterSeconds = pause.rows[0]?.seconds;
    if (retryAfterSeconds !== undefined) {
      throw new AppError('rate_limited', 'a check was asked for a moment ago', {
        retryAfterSeconds,
      });
    }
    if (asked === undefined) {
      throw new AppError('forbidden', 'only people ask for a check');
    }
    c.env.kick('poll-carriers');
    return c.json(asked, 202);
  });
