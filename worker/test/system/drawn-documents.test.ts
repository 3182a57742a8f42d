/**
 * Documents that the supplier has no file of, and wants drawn: an order's confirmation, as long as the
 * order is confirmed and no file takes its place.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { OrderStatus } from '../../vocabulary.ts';
import {
  customerRow,
  makeOrg,
  type Org,
  pdfOf,
  publish,
  setSettings,
  signIn,
  stageRows,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { stampOn, textOf } from '../copies.ts';
import {
  drawnOrder,
  findDocument,
  isHidden,
  listedDocuments,
  readDocument,
} from '../drawn-papers.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;

const ownPaper = (number: string, ofOrder: string) => ({
  customer_code: 'A',
  order_number: ofOrder,
  document_kind: 'order_confirmation',
  document_number: number,
  file_name: `${number}.pdf`,
});

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { hourlyRequestLimit: 1000, address: 'Fabryczna 1, Łódź' });
  await publish(org, [
    customerRow('A', org),
    { ...customerRow('B', org, 'Żółte Wiśnie Sp. z o.o.'), contact_language: 'pl' },
    drawnOrder('SO-B', {}, 'B'),
    drawnOrder('SO-OLD'),
  ]);
  customer = await signIn(stack, org, 'A');
  await setSettings(org, { drawsConfirmations: true });
});

const find = (number: string, by = customer) => findDocument(by, number);
const read = (number: string, by = customer) => readDocument(by, number);
const isGone = (id: string | undefined) => isHidden(customer, id);

describe('what is drawn', () => {
  test('is a document like others: it says what it is, of whom, for whom, and who took it', async () => {
    const row = await find('SO-OLD');
    expect(row).toMatchObject({
      kind: 'order_confirmation',
      served: 'drawn',
      fileSize: null,
      fileName: 'SO-OLD.pdf',
    });
    const answer = await customer.bytes(`documents/${row?.id}`);
    const bytes = await answer.arrayBuffer();
    expect(answer.headers.get('Content-Length')).toBe(String(bytes.byteLength));
    const text = await textOf(bytes);
    for (const said of [
      'Order confirmation',
      'SO-OLD',
      'Acme Manufacturing',
      'Fabryczna 1, Łódź',
    ]) {
      expect(text).toContain(said);
    }
    for (const said of ['Customer A', 'PO of SO-OLD', 'Hex bolt M8', '17.43', '987.65', 'Gdańsk']) {
      expect(text).toContain(said);
    }
    const { reference } = await stampOn(bytes);
    const events = await stack.sql(
      "select action, detail->>'reference' as reference, detail->>'unstamped' as unstamped from audit.events where subject_id = $1",
      [row?.id],
    );
    expect(events).toEqual([{ action: 'document.downloaded', reference, unstamped: null }]);
  });

  test('speaks the language of its reader, with all its letters', async () => {
    const polish = await read('SO-B', await signIn(stack, org, 'B'));
    for (const said of ['Potwierdzenie zamówienia', 'Żółte Wiśnie Sp. z o.o.', 'Ilość', '987,65']) {
      expect(polish).toContain(said);
    }
  });

  test('is drawn anew for each taking: whole, stamped, and told each time', async () => {
    const { id } = (await find('SO-OLD')) ?? {};
    const asked = [{}, { Range: 'bytes=100-' }, { 'If-None-Match': '"any"' }];
    const references = new Set<string>();
    for (const headers of asked) {
      const answer = await customer.bytes(`documents/${id}`, 'GET', headers);
      expect([answer.status, answer.headers.get('ETag')]).toEqual([200, null]);
      expect(answer.headers.get('Accept-Ranges')).toBe('none');
      const bytes = await answer.arrayBuffer();
      expect(answer.headers.get('Content-Length')).toBe(String(bytes.byteLength));
      references.add(/ref ([0-9A-F-]{19})/.exec(await textOf(bytes))?.[1] ?? '');
    }
    expect(references.size).toBe(asked.length);
    expect(references).not.toContain('');
    const look = await customer.bytes(`documents/${id}`, 'HEAD');
    expect([look.status, (await look.arrayBuffer()).byteLength]).toEqual([200, 0]);
    // What a copy weighs is known once it is drawn: nothing is better than wrong.
    expect(look.headers.get('Content-Length')).toBeNull();
    const events = await stack.sql(
      "select from audit.events where subject_id = $1 and action = 'document.downloaded'",
      [id],
    );
    expect(events.length).toBeGreaterThanOrEqual(asked.length);
  });
});

describe('a confirmation', () => {
  test('is there for a confirmed order, and for no other', async () => {
    const statuses: [OrderStatus | '', boolean][] = [
      ['draft', false],
      ['pending', false],
      ['cancelled', false],
      ['processing', true],
      ['shipped', true],
      ['delivered', true],
      ['', true],
    ];
    await publish(
      org,
      statuses.map(([status]) => drawnOrder(`SO-IS-${status}`, { order_status: status })),
    );
    for (const [status, isThere] of statuses) {
      expect([status, (await find(`SO-IS-${status}`)) !== undefined]).toEqual([status, isThere]);
    }
  });

  test('comes and goes with its order’s status', async () => {
    const turn = (status: OrderStatus) =>
      publish(org, [drawnOrder('SO-TURN', { order_status: status })]);
    await turn('pending');
    expect(await find('SO-TURN')).toBeUndefined();
    await turn('processing');
    const drawn = await find('SO-TURN');
    expect(drawn?.served).toBe('drawn');
    const last = await turn('cancelled');
    expect(await find('SO-TURN')).toBeUndefined();
    expect(await isGone(drawn?.id)).toBe(true);
    await org.approver.post(`publishes/${last}/withdrawal`, { reason: 'Taken back' });
    expect((await find('SO-TURN'))?.served).toBe('drawn');
  });

  test.each([
    ['the order’s own', 'SO-OWN1', 'SO-OWN1'],
    ['a number of its own', 'OC-77', 'SO-OWN2'],
  ])(
    'makes room for the supplier’s own file under %s number, and comes back when that is withdrawn',
    async (_, number, ofOrder) => {
      await publish(org, [drawnOrder(ofOrder)]);
      const drawn = await find(ofOrder);
      expect(drawn?.served).toBe('drawn');
      const papers = async () => {
        const found = (await listedDocuments(customer)).filter((row) =>
          [number, ofOrder].includes(row.number),
        );
        return found.map((row) => [row.kind, row.number, row.served]);
      };
      const own = await publish(org, [ownPaper(number, ofOrder)], {
        [`${number}.pdf`]: pdfOf('our own'),
      });
      expect(await papers()).toEqual([['order_confirmation', number, 'stamped']]);
      // The order is published again: the file stays, and ours does not come beside it.
      await publish(org, [drawnOrder(ofOrder)]);
      expect(await papers()).toEqual([['order_confirmation', number, 'stamped']]);
      await org.approver.post(`publishes/${own}/withdrawal`, { reason: 'Taken back' });
      expect(await papers()).toEqual([['order_confirmation', ofOrder, 'drawn']]);
      expect(await read(ofOrder)).toContain('Hex bolt M8');
    },
  );

  test('gives no way to a file of another customer that has its order’s number', async () => {
    await publish(org, [drawnOrder('SO-MINE'), drawnOrder('SO-THEIRS', {}, 'B')]);
    const theirs = { ...ownPaper('SO-MINE', 'SO-THEIRS'), customer_code: 'B' };
    const publishId = await stageRows(org, [theirs], { 'SO-MINE.pdf': pdfOf('theirs') });
    const { body } = await org.approver.get<{ items: { problems: { code: string }[] }[] }>(
      `publishes/${publishId}/review?kind=document`,
    );
    expect(body.items[0]?.problems.map(({ code }) => code)).toContain('conflict');
    const neighbour = await signIn(stack, org, 'B');
    expect(await find('SO-MINE', neighbour)).toBeUndefined();
    expect(await find('SO-MINE')).toMatchObject({ served: 'drawn' });
  });

  test('follows its order, and keeps its address', async () => {
    await publish(org, [drawnOrder('SO-NEWS')]);
    const { id } = (await find('SO-NEWS')) ?? {};
    await stack.sql(
      `with o as (update portal.orders set first_shown_at = '2020-02-02' where org_id = $1 and number = 'SO-NEWS')
       update portal.documents set shown_at = '2020-02-02' where id = $2`,
      [org.id, id],
    );
    const before = await customer.bytes(`documents/${id}`);
    expect(await textOf(await before.arrayBuffer())).toContain('17.43');
    await publish(org, [drawnOrder('SO-NEWS', { line_unit_price: '18.99' })]);
    expect((await find('SO-NEWS'))?.id).toBe(id);
    const after = await customer.bytes(`documents/${id}`);
    const text = await textOf(await after.arrayBuffer());
    expect(text).toContain('18.99');
    expect(text).not.toContain('17.43');
    // What it says is of now, and so is the day that it names.
    expect(text).not.toMatch(/As published on [^.]*2020/);
    expect(text).toMatch(new RegExp(`As published on [^.]*${new Date().getUTCFullYear()}`));
  });

  test('goes with its order', async () => {
    const publishId = await publish(org, [drawnOrder('SO-GOES')]);
    const drawn = await find('SO-GOES');
    await org.approver.post(`publishes/${publishId}/withdrawal`, { reason: 'Taken back' });
    expect(await find('SO-GOES')).toBeUndefined();
    expect(await isGone(drawn?.id)).toBe(true);
  });
});
