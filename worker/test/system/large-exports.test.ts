/** Exports of more than one file holds: refused at once, for both sides' books, and not told as taken. */
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { customerRow, day, makeOrg, type Org, publish, setSettings, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { hourlyRequestLimit: 5000 });
  await publish(org, [customerRow('A', org)]);
  customer = await signIn(stack, org, 'A');
  // A document of 90 lines, with more words than one answer of the database takes, and one of few words the day after.
  await stack.sql(
    `with a as (
       select org_id, id as customer_id from portal.customers where org_id = $1 and code = 'A'
     ), orders as (
       insert into portal.orders (org_id, customer_id, number, number_key, placed_on, status)
       select org_id, customer_id, 'SO-' || n, 'SO-' || n, current_date - 20 + n, 'shipped' from a, generate_series(1, 2) n
       returning id, org_id, customer_id, number, placed_on
     ), invoices as (
       insert into portal.invoices (org_id, customer_id, order_id, number, number_key, kind, issued_on, currency, net, tax, total)
       select org_id, customer_id, id, replace(number, 'SO', 'INV'), replace(number, 'SO', 'INV'), 'invoice', placed_on, 'EUR', 90, 10, 100
         from orders
     ), lines as (
       insert into portal.order_lines (org_id, customer_id, order_id, line_number, description)
       select org_id, customer_id, id, n, repeat('bolt ', case number when 'SO-1' then 21000 else 1 end)
         from orders, generate_series(1, 90) n
       returning id, org_id, customer_id, order_id
     )
     insert into portal.order_line_amounts (org_id, customer_id, order_id, line_id, tax_rate, total)
     select org_id, customer_id, order_id, id, 11.1, 1 from lines`,
    [org.id],
  );
  // With freight, so that their lines are told as their orders': 9.1 MB of words, and 8.9 MB; then one line of quotes.
  await stack.sql(
    `with papers (number, age, net, lines, description) as (
       values ('FULL', 60, 96, 91, repeat('bolt ', 20000)), ('FITS', 50, 94, 89, repeat('bolt ', 20000)),
              ('QUOTES', 40, 1, 1, repeat('"', 2500000))
     ), orders as (
       insert into portal.orders (org_id, customer_id, number, number_key, placed_on, status)
       select c.org_id, c.id, 'SO-' || p.number, 'SO-' || p.number, current_date - p.age, 'shipped'
         from papers p, portal.customers c where c.org_id = $1 and c.code = 'A'
       returning id, org_id, customer_id, number
     ), invoices as (
       insert into portal.invoices (org_id, customer_id, order_id, number, number_key, kind, issued_on, currency, net, tax, total)
       select o.org_id, o.customer_id, o.id, p.number, p.number, 'invoice', current_date - p.age, 'EUR', p.net, 0, p.net
         from orders o join papers p on o.number = 'SO-' || p.number
     ), lines as (
       insert into portal.order_lines (org_id, customer_id, order_id, line_number, description)
       select o.org_id, o.customer_id, o.id, n, p.description
         from orders o join papers p on o.number = 'SO-' || p.number, generate_series(1, p.lines) n
       returning id, org_id, customer_id, order_id
     )
     insert into portal.order_line_amounts (org_id, customer_id, order_id, line_id, total)
     select org_id, customer_id, order_id, id, 1 from lines`,
    [org.id],
  );
  await stack.sql(
    `insert into portal.invoices (org_id, customer_id, number, number_key, kind, issued_on, currency, net, tax, total)
     select org_id, id, 'MANY-' || n, 'MANY-' || n, 'invoice', current_date - 100, 'EUR', 100, 23, 123
       from portal.customers, generate_series(1, 5001) n where org_id = $1 and code = 'A'`,
    [org.id],
  );
});

type Answer = { error?: { code: string; fields: object } };
/** What each way to ask answers: the customer's preview and file, and the supplier's. */
const asked = async (period: string) => {
  const query = `format=csv&${period}`;
  const answers = [
    await customer.me<Answer>(`exports/preview?${query}`),
    await customer.me<Answer>(`exports/invoices?${query}`),
    await org.approver.get<Answer>(`exports/preview?${query}`),
    await org.approver.get<Answer>(`exports/invoices?${query}`),
  ];
  return answers.map(({ status, body }) => [status, body.error?.code, body.error?.fields]);
};
const refused = (fields: object) => Array(4).fill([422, 'too_many_documents', fields]);
const indexOf = async (period: string) => {
  const answer = await customer.bytes(`packs/month.zip?${period}`);
  expect(answer.status).toBe(200);
  return strFromU8(
    unzipSync(new Uint8Array(await answer.arrayBuffer()))['index.csv'] ?? new Uint8Array(),
  );
};
const downloads = () =>
  stack.sql(`select id from audit.events where org_id = $1 and action = 'export.downloaded'`, [
    org.id,
  ]);

test('more documents than an export holds are counted, and a pack goes without them', async () => {
  const period = `from=${day(-101)}&to=${day(-99)}`;
  expect(await asked(period)).toEqual(refused({ count: 'more than 5000', limit: '5000' }));
  expect(await indexOf(period)).toContain('more than 5000');
  expect(await downloads()).toEqual([]);
});

test('so are more lines than one answer of the database takes', async () => {
  const period = `from=${day(-30)}&to=${day(0)}`;
  expect(await asked(period)).toEqual(refused({ lines: 'too many' }));
  expect(await indexOf(period)).toContain('too many lines');
  expect(await downloads()).toEqual([]);
});

test.each([
  ['their orders’ lines', 60],
  ['words that are sent as four times as many bytes', 40],
])('so are %s', async (_, age) => {
  const period = `from=${day(-age - 1)}&to=${day(1 - age)}`;
  expect(await asked(period)).toEqual(refused({ lines: 'too many' }));
  expect(await indexOf(period)).toContain('too many lines');
  expect(await downloads()).toEqual([]);
});

test('fewer days are an export', async () => {
  const answer = await customer.bytes(`exports/invoices?format=csv&from=${day(-18)}&to=${day(0)}`);
  expect(answer.status).toBe(200);
  expect((await answer.text()).match(/INV-2/g)).toHaveLength(90);
  expect(await downloads()).toHaveLength(1);
});

test('lines that just fit are an export', async () => {
  const query = `format=csv&from=${day(-51)}&to=${day(-49)}`;
  const answer = await customer.bytes(`exports/invoices?${query}`);
  expect(answer.status).toBe(200);
  expect((await answer.text()).match(/SO-FITS/g)).toHaveLength(89);
  expect((await org.approver.get<Answer>(`exports/preview?${query}`)).status).toBe(200);
});

test('a format without the orders’ lines goes out whatever they are, in a pack too', async () => {
  await stack.sql(
    `insert into portal.export_mappings (org_id, customer_id, format, codes)
     select org_id, id, 'xero', '{}' from portal.customers where org_id = $1 and code = 'A'`,
    [org.id],
  );
  const period = `from=${day(-61)}&to=${day(-59)}`;
  const answer = await customer.bytes(`exports/invoices?format=xero&${period}`);
  expect(answer.status).toBe(200);
  const index = await indexOf(period);
  expect(index).toContain('xero-bills');
  expect(index).not.toContain('too many');
});
