/**
 * Taking a document: each taking is told, counted and stamped once, and whatever belongs to it (a
 * look, a further range, a question whether it is still good) is neither.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import {
  referenceOf,
  type StoredDocument,
  stampOn,
  storedDocument,
  takingsOf,
  textOf,
} from '../copies.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let invoice: StoredDocument;
let slip: StoredDocument;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('A', org), ...orderRows('A', 'SA')], orderFiles('SA'));
  invoice = await storedDocument(stack, org, 'INV-SA');
  slip = await storedDocument(stack, org, 'PS-SA');
});

const hourOf = async (linkId: string) => {
  const [row] = await stack.sql<{ count: number }>(
    'select hour_count as count from staff.access_links where id = $1',
    [linkId],
  );
  return row?.count ?? -1;
};
/** What a session leaves behind: events of the document, stamps of the link, requests of its hour. */
async function tracesOf(linkId: string, documentId: string) {
  const stamps = await stack.sql('select from staff.stamps where link_id = $1', [linkId]);
  const events = await takingsOf(stack, documentId);
  return { events: events.length, stamps: stamps.length, hour: await hourOf(linkId) };
}
async function linked() {
  const link = await makeLink(stack, org, 'A');
  return { link, customer: await openLink(stack, link.url) };
}
const take = async (customer: Customer, documentId: string, more?: Record<string, string>) => {
  const answer = await customer.bytes(`documents/${documentId}`, 'GET', more);
  return { answer, reference: referenceOf(answer), bytes: await answer.arrayBuffer() };
};

describe('a stamped copy', () => {
  test('is whole, and says on its page for whom it is, who took it, when, and through which link', async () => {
    const { link, customer } = await linked();
    const { answer, reference, bytes } = await take(customer, invoice.id);
    expect(answer.status).toBe(200);
    expect(invoice.served).toBe('stamped');
    expect(Number(answer.headers.get('Content-Length'))).toBe(bytes.byteLength);
    expect(bytes.byteLength).toBe(invoice.size);
    const text = await textOf(bytes);
    expect(text).toContain('INV-SA');
    expect(text).toContain('Customer A');
    const stamp = await stampOn(bytes);
    const [row] = await stack.sql<{ minute: string; last4: string; id: string }>(
      `select to_char(s.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as minute, l.last4, l.id
         from staff.stamps s join staff.access_links l on l.id = s.link_id where s.reference = $1`,
      [reference],
    );
    expect(row?.id).toBe(link.id);
    expect(stamp).toEqual({ minute: row?.minute, last4: row?.last4, reference });
    expect((await takingsOf(stack, invoice.id)).at(-1)).toEqual({
      action: 'document.downloaded',
      detail: { reference, sha256: invoice.key.split('/')[1] },
    });
  });

  test('has the headers of a file to save, or of one to look at', async () => {
    const { customer } = await linked();
    const headersOf = async (query: string) => {
      const answer = await customer.bytes(`documents/${invoice.id}${query}`);
      await answer.body?.cancel();
      return Object.fromEntries(answer.headers);
    };
    const both = {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-length': String(invoice.size),
      'content-type': 'application/pdf',
      'cross-origin-resource-policy': 'same-origin',
      etag: expect.stringMatching(/^"[0-9a-f]{32}-[0-9A-F]{4}(-[0-9A-F]{4}){3}"$/),
      'x-content-type-options': 'nosniff',
    };
    for (const query of ['', '?disposition=attachment']) {
      expect(await headersOf(query)).toMatchObject({
        ...both,
        'content-disposition': `attachment; filename="INV-SA.pdf"; filename*=UTF-8''INV-SA.pdf`,
        'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      });
    }
    expect(await headersOf('?disposition=inline')).toMatchObject({
      ...both,
      'content-disposition': `inline; filename="INV-SA.pdf"; filename*=UTF-8''INV-SA.pdf`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'self'",
    });
    expect((await takingsOf(stack, invoice.id)).slice(-3).map(({ action }) => action)).toEqual([
      'document.downloaded',
      'document.downloaded',
      'document.viewed',
    ]);
  });

  test('is another with each taking: looked at or saved, now or again, here or in another session', async () => {
    const { link, customer } = await linked();
    const again = await openLink(stack, link.url);
    const before = await tracesOf(link.id, invoice.id);
    const copies = [
      await take(customer, invoice.id),
      await take(customer, invoice.id),
      await take(customer, `${invoice.id}?disposition=inline`),
      await take(again, invoice.id),
    ];
    expect(new Set(copies.map(({ reference }) => reference)).size).toBe(4);
    for (const { reference, bytes } of copies) {
      expect((await stampOn(bytes)).reference).toBe(reference);
    }
    expect(await tracesOf(link.id, invoice.id)).toEqual({
      events: before.events + 4,
      stamps: before.stamps + 4,
      hour: before.hour + 4,
    });
  });

  test('is taken by a link’s token as by its session, and not the same copy', async () => {
    const { link, customer } = await linked();
    const mine = await take(customer, slip.id);
    const path = `${PORTAL}/api/portal/customer/${link.token}/documents/${slip.id}`;
    const ask = (headers: Record<string, string> = {}) =>
      stack.fetch(path, { headers: { 'CF-Connecting-IP': '203.0.113.5', ...headers } });
    const whole = await ask();
    const reference = referenceOf(whole);
    expect((await stampOn(await whole.arrayBuffer())).reference).toBe(reference);
    expect(reference).not.toBe(mine.reference);
    const traces = await tracesOf(link.id, slip.id);
    const part = await ask({ Range: 'bytes=100-' });
    expect([part.status, referenceOf(part)]).toEqual([206, reference]);
    await part.body?.cancel();
    const still = await ask({ 'If-None-Match': whole.headers.get('ETag') ?? '' });
    expect(still.status).toBe(304);
    expect(await tracesOf(link.id, slip.id)).toEqual(traces);
    // The session goes on with its own.
    expect((await take(customer, slip.id, { Range: 'bytes=100-' })).reference).toBe(mine.reference);
  });
});

describe('what belongs to a taking is not another', () => {
  test('a look, a further range and a question leave no event, no stamp and no count', async () => {
    const { link, customer } = await linked();
    const { answer, reference } = await take(customer, invoice.id);
    const etag = answer.headers.get('ETag') ?? '';
    const before = await tracesOf(link.id, invoice.id);
    const path = `documents/${invoice.id}`;
    expect(answer.headers.get('RateLimit')).toMatch(/^"link";r=\d+;t=\d+$/);
    const look = await customer.bytes(path, 'HEAD');
    expect(look.status).toBe(200);
    expect((await look.arrayBuffer()).byteLength).toBe(0);
    const kept = (of: Response) =>
      Object.fromEntries(
        [...of.headers].filter(([name]) => !/^(x-request-id|date|ratelimit)/.test(name)),
      );
    expect(kept(look)).toEqual(kept(answer));
    const still = await customer.bytes(path, 'GET', { 'If-None-Match': etag });
    expect([still.status, await still.text()]).toEqual([304, '']);
    expect(still.headers.get('ETag')).toBe(etag);
    expect(still.headers.get('Cache-Control')).toBe('private, no-store');
    expect(still.headers.get('RateLimit')).toBeNull();
    for (const range of ['bytes=1-', 'bytes=100-199', 'bytes=-20', `bytes=${invoice.size}-`]) {
      const part = await take(customer, invoice.id, { Range: range });
      expect([206, 416]).toContain(part.answer.status);
      expect([null, reference]).toContain(part.reference);
    }
    const rest = await take(customer, invoice.id, { Range: 'bytes=9-', 'If-Range': etag });
    expect([rest.answer.status, rest.reference]).toEqual([206, reference]);
    expect(await tracesOf(link.id, invoice.id)).toEqual(before);
  });

  test('a link whose hour is over may finish what it has taken, and takes nothing more', async () => {
    const { link, customer } = await linked();
    const { answer, reference } = await take(customer, invoice.id);
    await stack.sql('update staff.access_links set hour_count = 100 where id = $1', [link.id]);
    const rest = await take(customer, invoice.id, { Range: 'bytes=10-' });
    expect([rest.answer.status, rest.reference]).toEqual([206, reference]);
    const etag = answer.headers.get('ETag') ?? '';
    const still = await take(customer, invoice.id, { 'If-None-Match': etag });
    expect(still.answer.status).toBe(304);
    expect((await customer.bytes(`documents/${invoice.id}`, 'HEAD')).status).toBe(200);
    const before = (await takingsOf(stack, invoice.id)).length;
    const more: [string, Record<string, string>][] = [
      [invoice.id, {}],
      [invoice.id, { Range: 'bytes=0-' }],
      [slip.id, { Range: 'bytes=10-' }],
      [`${invoice.id}?disposition=inline`, { Range: 'bytes=10-' }],
      // Naming a copy that this session never had is no way round.
      [invoice.id, { 'If-None-Match': `"${'0'.repeat(32)}-0000-0000-0000-0000"` }],
    ];
    for (const [document, headers] of more) {
      const refused = await take(customer, document, headers);
      expect([document, headers, refused.answer.status]).toEqual([document, headers, 429]);
    }
    expect(await takingsOf(stack, invoice.id)).toHaveLength(before);
  });

  test('but a range by a session that has not taken it is a taking', async () => {
    const { link, customer } = await linked();
    const before = await tracesOf(link.id, invoice.id);
    const part = await take(customer, invoice.id, { Range: 'bytes=50-' });
    expect([part.answer.status, part.reference]).toEqual([206, expect.any(String)]);
    expect(await tracesOf(link.id, invoice.id)).toEqual({
      events: before.events + 1,
      stamps: before.stamps + 1,
      hour: before.hour + 1,
    });
    const [event] = (await takingsOf(stack, invoice.id)).slice(-1);
    expect(event?.detail.reference).toBe(part.reference);
  });
});
