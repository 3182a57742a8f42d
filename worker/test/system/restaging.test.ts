/** A publish may take several imports: what a later file says of an item that an earlier one brought. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  paperOf,
  pdfOf,
  publish,
  type ReviewSeen,
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

describe('what a row without a customer said of a number', () => {
  const head = 'customer_code,order_number,document_kind,document_number,document_date';
  const scan = { file_name: 'scan.pdf', total: '987.65', net: '900.00', currency: 'EUR' };
  const rowOf = (order: string, number: string) => ({
    order_number: order,
    document_kind: 'invoice',
    document_number: number,
    document_date: day(-4),
  });
  beforeAll(async () => {
    await publish(org, [
      customerRow('A', org),
      customerRow('B', org),
      orderOf('A', 'SO-OA'),
      orderOf('A', 'SO-OA2'),
      orderOf('B', 'SO-OB'),
    ]);
  });
  /** What two kinds of items say of a number, without the order of its lines. */
  async function said(publishId: string) {
    const { body } = await org.approver.get<{ items: (Item & { file: object | null })[] }>(
      `publishes/${publishId}/review`,
    );
    const of = (kind: string) => body.items.find((item) => item.kind === kind);
    return { invoice: of('invoice'), paper: of('document') };
  }

  test.each([
    ['names them', ['B,SO-OB']],
    ['only its order places', [',SO-OB']],
    ['comes by steps: named first, then placed', ['B,', 'B,SO-OB']],
    ['comes by steps: under the wrong order first', ['B,SO-OA', 'B,SO-OB']],
  ])('does not go to another customer whom a later import’s row %s', async (how, rows) => {
    const number = `INV-${how.length}`;
    const publishId = await stageRows(org, [{ ...rowOf('SO-OA', number), ...scan }], {
      'scan.pdf': await paperOf([]),
    });
    expect((await said(publishId)).invoice).toMatchObject({ customerKey: 'A', passes: true });
    for (const owner of rows) {
      await org.clerk.importCsv(`${head}\n${owner},invoice,${number},${day(-4)}\n`, publishId);
    }
    const { invoice, paper } = await said(publishId);
    expect(invoice).toMatchObject({ customerKey: 'B', orderKey: 'SO-OB' });
    expect(invoice?.fields).not.toHaveProperty('total');
    expect(paper?.fields).not.toHaveProperty('file_name');
    expect(paper?.file).toBeNull();
  });

  test('is of the customer who is named, once another’s unnamed row has come between', async () => {
    const { file_name: _, ...amounts } = scan;
    const publishId = await stageRows(org, [
      { customer_code: 'A', ...rowOf('SO-OA', 'INV-BETWEEN') },
    ]);
    const columns = Object.keys(amounts).join();
    await org.clerk.importCsv(
      `${head},${columns}\n,SO-OB,invoice,INV-BETWEEN,${day(-4)},${Object.values(amounts).join()}\n`,
      publishId,
    );
    expect((await said(publishId)).invoice?.passes).toBe(false);
    await org.clerk.importCsv(`${head}\nA,SO-OA,invoice,INV-BETWEEN,${day(-4)}\n`, publishId);
    const { invoice } = await said(publishId);
    expect(invoice).toMatchObject({ customerKey: 'A', orderKey: 'SO-OA' });
    expect(invoice?.fields).not.toHaveProperty('total');
  });

  test.each([
    ['by the same order', 'A,SO-OA'],
    ['by another order of theirs', ',SO-OA2'],
    ['by their name', 'A,'],
  ])('stays where a later row is the same customer’s, %s', async (how, owner) => {
    const number = `INV-STAYS-${how.length}`;
    const publishId = await stageRows(org, [{ ...rowOf('SO-OA', number), ...scan }]);
    await org.clerk.importCsv(`${head}\n${owner},invoice,${number},${day(-3)}\n`, publishId);
    const { invoice, paper } = await said(publishId);
    expect(invoice).toMatchObject({ customerKey: 'A', passes: true, fields: { total: '987.65' } });
    expect(paper?.fields).toMatchObject({ file_name: 'scan.pdf' });
  });
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
  const tick = async () => {
    const { body } = await org.approver.get<ReviewSeen>(`publishes/${publishId}/review`);
    const sha256 = body.items.find((item) => item.key === key)?.file?.sha256 ?? null;
    await org.approver.put(`publishes/${publishId}/ticks`, {
      items: [{ kind: 'document', key, sha256 }],
      ticked: true,
    });
  };
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
