/** An address that asks for what cannot be read, or cannot be shown, still opens its page. */
import { beforeAll, describe, expect, test } from 'vitest';
import { customerRow, makeOrg, type Org, orderFiles, orderRows, publish, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  const rows = [customerRow('ANNA', org), ...orderRows('ANNA', 'PF1')];
  await publish(org, rows, orderFiles('PF1'));
  customer = await signIn(stack, org, 'ANNA');
});

type Shown = { customer: { name: string }; orders?: { number: string }[] };
/** What a page comes with, by the name that the web app asks for it under. */
async function comesWith(path: string): Promise<[name: string, shown: Shown]> {
  const response = await customer.page(path);
  expect(response.status, path).toBe(200);
  const found = /<script type="application\/json" id="page">([\s\S]*?)<\/script/.exec(
    await response.text(),
  );
  const page = JSON.parse(found?.[1] ?? '') as { resources: Record<string, Shown> };
  const [entry] = Object.entries(page.resources);
  if (entry === undefined) {
    throw new Error(`nothing came with ${path}`);
  }
  return entry;
}

describe('a filter of an address', () => {
  test.each([
    ['/orders?status=foo', 'orders'],
    ['/orders?status=all&sort=newest&q=%20', 'orders'],
    ['/orders?from=yesterday&sort=delivery&q=%20PO-PF1', 'orders?q=PO-PF1&sort=delivery'],
    ['/orders?cursor=nonsense&ref=mail', 'orders'],
    [`/orders?q=${'7'.repeat(101)}`, 'orders'],
    ['/orders?q=%00', 'orders'],
    ['/orders?to=2026-02-31', 'orders'],
    ['/documents?kind=letters', 'documents'],
    ['/documents?to=2099-01-01&kind=invoice&document=x', 'documents?kind=invoice&to=2099-01-01'],
    ['/invoices?kind=all&status=lost&q=FV%2F1', 'invoices?q=FV%2F1'],
    ['/payments?from=0000-01-01', 'payments'],
    ['/statement?from=1/2/2026', 'statement'],
    ['/insights?from=x', 'insights'],
  ])('%s is as much of one as can be read: %s', async (path, name) => {
    expect((await comesWith(path))[0]).toBe(name);
  });

  test('that cannot be read leaves the list of all', async () => {
    const [, { orders }] = await comesWith('/orders?status=foo');
    expect(orders?.map(({ number }) => number)).toEqual(['SO-PF1']);
  });
});

const BACKWARDS = 'from=2026-02-01&to=2026-01-01';

describe('days that stand the wrong way round', () => {
  test.each(['orders', 'documents', 'invoices', 'payments', 'statement', 'insights'])(
    'are refused as a list of %s, and the page opens with none',
    async (list) => {
      type Refusal = { error: { code: string; fields: object } };
      const { status, body } = await customer.me<Refusal>(`${list}?${BACKWARDS}`);
      expect([status, body.error.code, Object.keys(body.error.fields)]).toEqual([
        422,
        'invalid',
        ['to'],
      ]);
      const [name, shown] = await comesWith(`/${list}?${BACKWARDS}`);
      expect(name).toBe('visitor');
      expect(shown.customer.name).toBe('Customer ANNA');
      expect(Object.keys(shown).sort()).toEqual([
        'contact',
        'customer',
        'link',
        'org',
        'session',
        'unread',
      ]);
    },
  );

  test('are refused for a file too', async () => {
    for (const file of ['statement.csv', 'statement.pdf', 'documents.zip', 'packs/month.zip']) {
      expect((await customer.me(`${file}?${BACKWARDS}`)).status, file).toBe(422);
    }
    const exported = `exports/invoices?format=csv&${BACKWARDS}`;
    expect((await customer.me(exported)).status).toBe(422);
  });

  test('leave in the trail that something was refused, not that a list was read', async () => {
    const response = await customer.page(`/documents?${BACKWARDS}`);
    const events = await stack.sql(
      'select action, detail from audit.events where request_id = $1',
      [response.headers.get('X-Request-Id')],
    );
    expect(events).toEqual([
      { action: 'request.refused', detail: { code: 'invalid', action: 'documents.listed' } },
    ]);
  });
});
