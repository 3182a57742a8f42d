import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  approve,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  saidBy,
  stageRows,
} from '../cast.ts';
import { openLink } from '../clients.ts';
import { mailsTo } from '../mailbox.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Home = {
  customer: { code: string };
  orders: { id: string; number: string; total: string | null }[];
  documents: { id: string; number: string }[];
};
type OrderPage = {
  order: { number: string };
  lines: unknown[];
  documents: { id: string; kind: string }[];
};

describe('the main job', () => {
  test('a clerk imports, an approver approves, the customer gets a mail, clicks, and takes the invoice', async () => {
    const publishId = await stageRows(
      org,
      [customerRow('NORTH', org), ...orderRows('NORTH', 'J1')],
      orderFiles('J1'),
    );

    const review = await org.approver.get<{
      totals: Record<string, number>;
      unmatchedFiles: unknown[];
    }>(`publishes/${publishId}/review`);
    expect(review.status).toBe(200);
    expect(review.body.totals).toMatchObject({ new: 8, blocked: 0, awaitingTick: 1 });
    expect(review.body.unmatchedFiles).toEqual([]);

    const approval = await approve(org, publishId);
    expect(approval).toMatchObject({
      status: 200,
      body: { status: 'approved', alreadyApproved: false },
    });

    // The approval itself asked for the delivery: nobody waits for the minute.
    const mail = await vi.waitFor(() => {
      const address = `north@${org.slug}.customer.example`;
      const found = mailsTo(stack, address)[0];
      expect(found?.subject).toMatch('Acme Manufacturing');
      return found;
    }, 10_000);
    const url = /http:\/\/portal\.test\/customer\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';

    const landing = await stack.fetch(url);
    expect(landing.status).toBe(200);
    expect(await landing.text()).toContain('method="post"');

    const customer = await openLink(stack, url);
    const home = await customer.me<Home>('home');
    expect(home.body).toMatchObject({
      customer: { code: 'NORTH' },
      orders: [{ number: 'SO-J1', total: '121.00' }],
    });
    expect(home.headers.get('RateLimit')).toMatch(/^"link";r=\d+;t=\d+$/);

    const order = await customer.me<OrderPage>(`orders/${home.body.orders[0]?.id}`);
    expect(order.body.lines).toHaveLength(1);
    const invoice = order.body.documents.find(({ kind }) => kind === 'invoice');
    const taken = await customer.bytes(`documents/${invoice?.id}`);
    expect(taken.status).toBe(200);
    expect(taken.headers.get('Content-Disposition')).toContain('INV-J1.pdf');
    expect(saidBy(await taken.arrayBuffer())).toBe('INV-J1');

    const page = await customer.page('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('SO-J1');
  });

  test('a link that staff copied opens, and the one for another host does not', async () => {
    const { url } = await makeLink(stack, org, 'NORTH');
    expect(url).toMatch(new RegExp(`^${PORTAL}/customer/cfl01_${org.code}_`));
    const customer = await openLink(stack, url);
    expect((await customer.me('orders')).status).toBe(200);
  });
});
