/** Each month's statement: made once, for whom it is for, true to what is published, and it says when it changed. */
import { beforeAll, describe, expect, test } from 'vitest';
import { asSystem } from '../../database/context.ts';
import { checkStatements } from '../../domain/statement.ts';
import {
  checkEveryAccount,
  checkMonthlyStatements,
  drawMonthlyStatements,
} from '../../jobs/draw-statements.ts';
import { DOCUMENT_KINDS } from '../../vocabulary.ts';
import { invoice as bill } from '../bills.ts';
import {
  type Cells,
  customerRow,
  makeOrg,
  type Org,
  publish,
  setSettings,
  signIn,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { findDocument, isHidden, readDocument } from '../drawn-papers.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, {
    hourlyRequestLimit: 5000,
    timeZone: 'America/New_York',
    sendsStatements: true,
  });
  await publish(org, [
    customerRow('MOVES', org),
    customerRow('OWES', org),
    customerRow('QUIET', org),
    customerRow('SHY', org),
    invoice('MOVES', 'M/1', '2026-10-31', '120.00'),
    invoice('OWES', 'O/1', '2026-07-01', '77.00'),
    invoice('QUIET', 'Q/1', '2026-11-02', '5.00'),
    invoice('SHY', 'S/1', '2026-10-05', '8.00'),
  ]);
  const shown = DOCUMENT_KINDS.filter((kind) => kind !== 'statement');
  await stack.sql(
    `update staff.exposures set granted_kinds = $2::text[] where org_id = $1 and customer_key = 'SHY'`,
    [org.id, `{${shown.join(',')}}`],
  );
  customer = await signIn(stack, org, 'MOVES');
});

const invoice = (
  customerCode: string,
  number: string,
  day: string,
  total: string,
  more: Cells = {},
) => bill(number, total, { customer_code: customerCode, invoice_date: day, due_date: '', ...more });
const draw = (now: string) => drawMonthlyStatements({ database: stack.system, now: new Date(now) });
const numbers = async () =>
  (
    await stack.sql<{ number: string }>(
      `select number from portal.documents where org_id = $1 and kind = 'statement' order by number`,
      [org.id],
    )
  ).map(({ number }) => number);

test('before six in the morning of the 1st, where the supplier is, there is none', async () => {
  // 05:30 in New York.
  await draw('2026-11-01T09:30:00Z');
  await draw('2026-10-20T12:00:00Z');
  expect(await numbers()).toEqual([]);
});

test('two crons at once make one for each who moved or owes, and none for who is not shown the kind', async () => {
  const now = '2026-11-01T11:30:00Z';
  await Promise.all([draw(now), draw(now)]);
  await draw('2026-11-02T11:30:00Z');
  expect(await numbers()).toEqual(['ST-2026-10-MOVES', 'ST-2026-10-OWES']);
  const events = await stack.sql(
    `select detail->>'number' as number from audit.events where org_id = $1 and action = 'statement.drawn' order by 1`,
    [org.id],
  );
  expect(events).toEqual([{ number: 'ST-2026-10-MOVES' }, { number: 'ST-2026-10-OWES' }]);
});

test('who is not shown the kind is given no statement of days of their own either, nor in a pack', async () => {
  const shy = await signIn(stack, org, 'SHY');
  const days = 'from=2026-10-01&to=2026-10-31';
  const page = await shy.me<{ statement: object | null }>(`statement?${days}`);
  expect([page.status, page.body.statement]).toEqual([200, null]);
  expect((await shy.page(`/statement?${days}`)).status).toBe(200);
  for (const file of ['csv', 'pdf']) {
    expect((await shy.me(`statement.${file}?${days}`)).status).toBe(404);
  }
  const pack = await shy.bytes(`packs/month.zip?${days}`);
  // The names of a ZIP's files stand in it as they are.
  expect([pack.status, (await pack.text()).includes('statement-')]).toEqual([200, false]);
  // Nobody asked for the statement of a pack: the trail tells of no refusal but those of the files above.
  const refused = await stack.sql(
    `select action from audit.events e join portal.customers b on b.id = e.customer_id
      where b.org_id = $1 and b.code = 'SHY' and e.action = 'request.refused' and e.subject_kind = 'statement'`,
    [org.id],
  );
  expect(refused).toHaveLength(4);
  // Their invoices they see as before.
  expect(JSON.stringify((await shy.me('invoices')).body)).toContain('S/1');
});

describe('a month’s statement', () => {
  test('is in its customer’s documents, dated the last day, and says what the account was', async () => {
    expect(await findDocument(customer, 'ST-2026-10-MOVES')).toMatchObject({
      kind: 'statement',
      served: 'drawn',
      datedOn: '2026-10-31',
      redrawnAt: null,
    });
    const text = await readDocument(customer, 'ST-2026-10-MOVES');
    for (const said of [
      'Statement of account',
      'ST-2026-10-MOVES',
      'M/1',
      '120.00',
      'Closing balance EUR',
    ]) {
      expect(text).toContain(said);
    }
  });

  test('is told to its customer, and to nobody else', async () => {
    const told = await stack.sql(
      `select b.code, n.params->>'from' as first, n.params->>'to' as last, n.financial
         from portal.notifications n join portal.customers b on b.id = n.customer_id
        where n.org_id = $1 and n.kind = 'statement_ready' order by 1`,
      [org.id],
    );
    const of = (code: string) => ({
      code,
      first: '2026-10-01',
      last: '2026-10-31',
      financial: true,
    });
    expect(told).toEqual([of('MOVES'), of('OWES')]);
  });

  test('is not there through a link without financials, and for nobody else', async () => {
    const document = await findDocument(customer, 'ST-2026-10-MOVES');
    for (const by of [
      await signIn(stack, org, 'MOVES', 'no_financials'),
      await signIn(stack, org, 'OWES'),
    ]) {
      expect(await isHidden(by, document?.id)).toBe(true);
    }
  });

  test('whose sources changed is drawn from what they are, and says since when', async () => {
    await checkMonthlyStatements({ database: stack.system });
    expect(await findDocument(customer, 'ST-2026-10-MOVES')).toMatchObject({ redrawnAt: null });
    await publish(org, [invoice('MOVES', 'M/2', '2026-10-15', '30.00')]);
    expect(await readDocument(customer, 'ST-2026-10-MOVES')).toContain('150.00');
    await checkMonthlyStatements({ database: stack.system });
    await checkMonthlyStatements({ database: stack.system });
    expect(await findDocument(customer, 'ST-2026-10-MOVES')).toMatchObject({
      redrawnAt: expect.stringMatching(/^\d{4}-/),
    });
    const events = await stack.sql(
      "select detail from audit.events where org_id = $1 and action = 'statement.redrawn'",
      [org.id],
    );
    expect(events).toEqual([{ detail: { number: 'ST-2026-10-MOVES' } }]);
  });

  test('is looked at before those of earlier months, each once, however a run is cut', async () => {
    const bulk = await makeOrg(stack);
    await setSettings(bulk, { sendsStatements: true, timeZone: 'UTC' });
    await publish(bulk, [
      customerRow('ONE', bulk),
      customerRow('TWO', bulk),
      invoice('ONE', 'ONE/1', '2026-07-15', '1.00'),
      invoice('TWO', 'TWO/1', '2026-07-15', '1.00'),
    ]);
    for (const now of ['2026-09-01', '2026-08-01', '2026-10-01']) await draw(`${now}T12:00:00Z`);
    const looked: string[] = [];
    let after: string | null = null;
    do {
      const step: { rows: { last: string | null }[] }[] = await asSystem(stack.system, (db) => [
        checkStatements(db, bulk.id, { after, limit: 1 }),
      ]);
      after = step[0]?.rows[0]?.last ?? null;
      if (after !== null) looked.push(after);
    } while (after !== null);
    expect(looked.map((at) => at.slice(0, 10))).toEqual(
      ['2026-09-30', '2026-08-31', '2026-07-31'].flatMap((day) => [day, day]),
    );
    expect(new Set(looked).size).toBe(6);
  });

  test('goes when its customer is shown statements no more', async () => {
    const owing = await signIn(stack, org, 'OWES');
    const document = await findDocument(owing, 'ST-2026-10-OWES');
    const kinds = DOCUMENT_KINDS.filter((kind) => kind !== 'statement');
    const answer = await org.owner.put('exposures', { customerKey: 'OWES', kinds, fields: null });
    expect(answer.status).toBe(200);
    expect(await isHidden(owing, document?.id)).toBe(true);
  });

  test('is made for no org that does not send any', async () => {
    const quiet = await makeOrg(stack);
    await publish(quiet, [customerRow('A', quiet), invoice('A', 'A/1', '2026-10-31', '1.00')]);
    await draw('2026-11-01T23:30:00Z');
    const [row] = await stack.sql<{ made: number }>(
      'select count(*)::int as made from portal.statements where org_id = $1',
      [quiet.id],
    );
    expect(row?.made).toBe(0);
  });
});

test('an account that does not tie out is told of at night, though no statement of it is made', async () => {
  const still = await makeOrg(stack);
  await publish(still, [customerRow('ODD', still), invoice('ODD', 'ODD/1', '2026-07-15', '9.00')]);
  const alerts = async () =>
    (await still.clerk.get<{ alerts: { kind: string; params: object }[] }>('alerts')).body.alerts;
  await checkEveryAccount({ database: stack.system });
  expect(await alerts()).toEqual([]);
  const [was] = await stack.sql<{ body: string }>(
    "select pg_get_functiondef('portal.items_of(uuid, uuid, boolean, date)'::regprocedure) as body",
  );
  const body = was?.body ?? '';
  // A cent that one half of this account knows of and the other does not.
  await stack.sql(
    body.replace(
      'x.amount - x.paid - x.credited end as open',
      `x.amount - x.paid - x.credited + case when p_org = '${still.id}' then 0.01 else 0 end end as open`,
    ),
  );
  try {
    await checkEveryAccount({ database: stack.system });
    await checkEveryAccount({ database: stack.system });
  } finally {
    await stack.sql(body);
  }
  expect(await alerts()).toMatchObject([
    { kind: 'statement_broken', params: { customerCode: 'ODD', currency: 'EUR' } },
  ]);
});
