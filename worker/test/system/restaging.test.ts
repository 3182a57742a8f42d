/** A publish may take several imports: what a later file says of an item that an earlier one brought. */
import { beforeAll, expect, test } from 'vitest';
import {
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  stageRows,
} from '../cast.ts';
import { useStack } from '../stack.ts';

type Item = {
  kind: string;
  key: string;
  customerKey: string;
  orderKey: string | null;
  change: string;
  ticked: boolean;
  passes: boolean;
  fields: Record<string, string>;
  problems: { code: string }[];
};

let org: Org;
beforeAll(async () => {
  org = await makeOrg(await useStack());
});

async function itemOf(publishId: string, kind: string): Promise<Item | undefined> {
  const { body } = await org.approver.get<{ items: Item[] }>(
    `publishes/${publishId}/review?kind=${kind}`,
  );
  return body.items[0];
}
const orderOf = (customer: string, number: string) => ({
  customer_code: customer,
  order_number: number,
  order_date: day(-3),
});

test('a problem is not cleared by a file that only mentions the order, but by one that mends it', async () => {
  const publishId = await stageRows(org, [
    customerRow('A', org),
    { ...orderOf('A', 'SO-1'), order_status: 'somewhere' },
  ]);
  const codes = async () => (await itemOf(publishId, 'order'))?.problems.map(({ code }) => code);
  expect(await codes()).toEqual(['unknown_status']);
  await org.clerk.importCsv('customer_code,order_number,po_number\nA,SO-1,PO-1\n', publishId);
  expect(await codes()).toEqual(['unknown_status']);
  await org.clerk.importCsv('order_number,order_status\nSO-1,nowhere\n', publishId);
  expect(await codes()).toEqual(['unknown_status']);
  await org.clerk.importCsv('order_number,order_status\nSO-1,shipped\n', publishId);
  expect(await codes()).toEqual([]);
  expect(await itemOf(publishId, 'order')).toMatchObject({
    passes: true,
    customerKey: 'A',
    fields: { order_date: day(-3), po_number: 'PO-1', order_status: 'shipped' },
  });
});

test('an order staged anew for another customer takes nothing of the first one along', async () => {
  const publishId = await stageRows(org, [
    customerRow('A', org),
    customerRow('B', org),
    { ...orderOf('A', 'SO-2'), delivery_address: 'Calle Mayor 1' },
  ]);
  await org.clerk.importCsv(
    `customer_code,order_number,order_date\nB,SO-2,${day(-1)}\n`,
    publishId,
  );
  const item = await itemOf(publishId, 'order');
  expect(item?.customerKey).toBe('B');
  expect(item?.fields).toEqual({ order_number: 'SO-2', order_date: day(-1) });
});

test('an invoice staged anew for another customer does not keep the first one’s order', async () => {
  const publishId = await stageRows(org, [
    customerRow('A', org),
    customerRow('B', org),
    orderOf('A', 'SO-12'),
    {
      customer_code: 'A',
      order_number: 'SO-12',
      invoice_number: 'INV-12',
      invoice_date: day(-2),
      total: '5.00',
      currency: 'EUR',
    },
  ]);
  expect(await itemOf(publishId, 'invoice')).toMatchObject({ customerKey: 'A', orderKey: 'SO-12' });
  const corrected = `customer_code,invoice_number,invoice_date,total,currency\nB,INV-12,${day(-2)},5.00,EUR\n`;
  await org.clerk.importCsv(corrected, publishId);
  expect(await itemOf(publishId, 'invoice')).toMatchObject({
    customerKey: 'B',
    orderKey: null,
    change: 'new',
    problems: [],
    passes: true,
  });
  // Of the same customer, a row that names no order leaves the one that is known.
  await org.clerk.importCsv(
    `customer_code,order_number,invoice_number\nB,SO-13,INV-12\n`,
    publishId,
  );
  await org.clerk.importCsv(`customer_code,invoice_number,net\nB,INV-12,5.00\n`, publishId);
  expect(await itemOf(publishId, 'invoice')).toMatchObject({ orderKey: 'SO-13' });
});

test('a tick is for the bytes that were there: replaced or removed, they ask for it again', async () => {
  await publish(org, [customerRow('A', org), ...orderRows('A', '3')], orderFiles('3'));
  const publishId = await stageRows(org, orderRows('A', '3'), { 'PS-3.pdf': pdfOf('second') });
  const revision = async () => {
    const { body } = await org.approver.get<{ items: Item[] }>(
      `publishes/${publishId}/review?change=revision`,
    );
    return body.items.map(({ key, ticked, passes }) => ({ key, ticked, passes }));
  };
  const key = 'packing_slip:PS-3';
  const tick = () =>
    org.approver.put(`publishes/${publishId}/ticks`, {
      items: [{ kind: 'document', key }],
      ticked: true,
    });
  const ticked = [{ key, ticked: true, passes: true }];
  const waiting = [{ key, ticked: false, passes: false }];
  await tick();
  expect(await revision()).toEqual(ticked);
  await org.clerk.uploadPdf(publishId, 'PS-3.pdf', pdfOf('second'));
  await org.clerk.uploadPdf(publishId, 'other.pdf', pdfOf('other'));
  expect(await revision()).toEqual(ticked);
  await org.clerk.uploadPdf(publishId, 'ps-3.PDF', pdfOf('third'));
  expect(await revision()).toEqual(waiting);
  await tick();
  await org.clerk.remove(`publishes/${publishId}/files/PS-3.pdf`);
  await org.clerk.uploadPdf(publishId, 'PS-3.pdf', pdfOf('fourth'));
  expect(await revision()).toEqual(waiting);
});
