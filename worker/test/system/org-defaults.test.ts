/** What an owner says for the whole supplier where its files say nothing: seen, signed, and then kept. */
import { beforeAll, expect, test } from 'vitest';
import {
  approve,
  contactOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  publish,
  type ReviewSeen,
  setSettings,
  signIn,
  stageRows,
} from '../cast.ts';
import { readOrder } from '../order-page.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { currency: 'PLN', locale: 'pl' });
});

const look = async (id: string) =>
  (await org.approver.get<ReviewSeen>(`publishes/${id}/review`)).body;

/** A customer and its contact, of whom no language is said. */
function person(code: string) {
  const { contact_language: _, ...silent } = customerRow(code, org);
  return silent;
}
/** An order and its invoice, with amounts and without a currency. */
const amounts = (code: string, tag: string) => {
  const order = { customer_code: code, order_number: `SO-${tag}` };
  return [
    { ...order, order_date: day(-3), order_total: '121.00' },
    {
      ...order,
      document_kind: 'invoice',
      document_number: `INV-${tag}`,
      document_date: day(-2),
      total: '121.00',
    },
  ];
};
const languageOf = async (code: string) => {
  const { customerId } = await contactOf(stack, org, code);
  const { body } = await org.clerk.get<{ contacts: { language: string }[] }>(
    `customers/${customerId}`,
  );
  return body.contacts[0]?.language;
};

test('a person whose language no file says is written to in the supplier’s, and keeps it', async () => {
  await publish(org, [person('L'), { ...person('M'), contact_language: 'es' }]);
  expect([await languageOf('L'), await languageOf('M')]).toEqual(['pl', 'es']);
  await setSettings(org, { locale: 'es' });
  await publish(org, [{ ...person('L'), contact_name: 'Another name' }]);
  expect(await languageOf('L')).toBe('pl');
  await setSettings(org, { locale: 'pl' });
});

test('the language that somebody will be written to in is seen in the review', async () => {
  const id = await stageRows(org, [person('N')]);
  const { items } = await look(id);
  expect(items.find(({ kind }) => kind === 'contact')?.fields).toMatchObject({
    contact_language: 'pl',
  });
});

test('amounts without a currency are in the supplier’s: in the review, its sums and the portal', async () => {
  const id = await stageRows(org, [person('A'), ...amounts('A', 'A')]);
  const { items, control } = await look(id);
  const told = items.filter(({ kind }) => kind === 'order' || kind === 'invoice');
  expect(told).toHaveLength(2);
  for (const { fields, problems } of told) {
    expect(fields).toMatchObject({ currency: 'PLN' });
    expect(problems.map(({ code }) => code)).not.toContain('currency_missing');
  }
  expect(control.invoices).toMatchObject([{ name: 'PLN', all: '121.00' }]);
  expect((await approve(org, id)).status).toBe(200);
  const customer = await signIn(stack, org, 'A');
  expect(await readOrder(customer, 'SO-A')).toMatchObject({
    order: { amounts: { currency: 'PLN', total: '121.00' } },
  });
});

test('a later change of the currency relabels nothing, and the file again is the same', async () => {
  await publish(org, [person('B'), ...amounts('B', 'B')]);
  await setSettings(org, { currency: 'EUR' });
  const customer = await signIn(stack, org, 'B');
  const inPln = { order: { amounts: { currency: 'PLN' } } };
  expect(await readOrder(customer, 'SO-B')).toMatchObject(inPln);
  const again = await stageRows(org, amounts('B', 'B'));
  const { items } = await look(again);
  for (const kind of ['order', 'invoice']) {
    expect(items.find((item) => item.kind === kind)).toMatchObject({ change: 'same' });
  }
  expect((await approve(org, again)).status).toBe(200);
  expect(await readOrder(customer, 'SO-B')).toMatchObject(inPln);
  await setSettings(org, { currency: 'PLN' });
});

test('what was signed in one currency is not published in another', async () => {
  const id = await stageRows(org, [person('C'), ...amounts('C', 'C')]);
  const { hash } = await look(id);
  await setSettings(org, { currency: 'EUR' });
  const refused = await org.approver.post<{ error: { code: string } }>(`publishes/${id}/approval`, {
    reviewHash: hash,
  });
  expect(refused.body.error.code).toBe('review_stale');
  await setSettings(org, { currency: 'PLN' });
});

test('a currency that the file says is the file’s, and without one anywhere amounts stay behind', async () => {
  const [order = {}] = amounts('D', 'D');
  await publish(org, [person('D'), { ...order, currency: 'USD' }]);
  const customer = await signIn(stack, org, 'D');
  expect(await readOrder(customer, 'SO-D')).toMatchObject({
    order: { amounts: { currency: 'USD' } },
  });
  // One more amount of the same order follows what is known of it.
  await publish(org, [{ ...order, order_tax: '21.00' }]);
  expect(await readOrder(customer, 'SO-D')).toMatchObject({
    order: { amounts: { currency: 'USD', tax: '21.00' } },
  });
  await setSettings(org, { currency: null });
  const id = await stageRows(org, amounts('D', 'D2'));
  const { items } = await look(id);
  expect(items.find(({ kind }) => kind === 'order')?.problems).toMatchObject([
    { code: 'currency_missing' },
  ]);
});
