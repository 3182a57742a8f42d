/**
 * A copy that a session has, and names again: it is good for finishing that copy and for nothing else,
 * not for another's, and not for what may no longer be seen.
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
  signIn,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import { referenceOf, type StoredDocument, stampOn, storedDocument, takingsOf } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let invoice: StoredDocument;
let slip: StoredDocument;
let foreign: StoredDocument;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(
    org,
    ['A', 'B'].flatMap((code) => [customerRow(code, org), ...orderRows(code, `S${code}`)]),
    { ...orderFiles('SA'), ...orderFiles('SB') },
  );
  invoice = await storedDocument(stack, org, 'INV-SA');
  slip = await storedDocument(stack, org, 'PS-SA');
  foreign = await storedDocument(stack, org, 'INV-SB');
});

type Refusal = { error: { code: string } };
async function linked(scope?: 'no_financials') {
  const link = await makeLink(stack, org, 'A', scope);
  return { link, customer: await openLink(stack, link.url) };
}
const take = async (customer: Customer, documentId: string, more?: Record<string, string>) => {
  const answer = await customer.bytes(`documents/${documentId}`, 'GET', more);
  return { answer, reference: referenceOf(answer), bytes: await answer.arrayBuffer() };
};
/** What was taken so far, and how much of the link's hour is used. */
async function tracesOf(linkId: string) {
  const [row] = await stack.sql<{ hour: number }>(
    'select hour_count as hour from staff.access_links where id = $1',
    [linkId],
  );
  return { takings: await takingsOf(stack, invoice.id), hour: row?.hour };
}

describe('a copy that is named', () => {
  test('by another session, another customer or another document is not this one', async () => {
    const { link, customer } = await linked();
    const others = [
      await take(await openLink(stack, link.url), invoice.id),
      await take(await signIn(stack, org, 'B'), foreign.id),
      await take(customer, slip.id),
      await take(customer, `${invoice.id}?disposition=inline`),
    ];
    const named = others.map(({ answer }) => answer.headers.get('ETag') ?? '');
    // The right bytes with another's reference, too.
    const [hash = ''] = (named[0] ?? '').split('-');
    const crossed = others.slice(1).map(({ reference }) => `${hash}-${reference}"`);
    for (const etag of [...named, ...crossed]) {
      const asked = await take(customer, invoice.id, { 'If-None-Match': etag });
      expect([etag, asked.answer.status, asked.answer.headers.get('ETag')]).not.toContain(304);
      expect(asked.bytes.byteLength).toBe(invoice.size);
      expect(etag).not.toContain(asked.reference);
      const ranged = await take(customer, invoice.id, { Range: 'bytes=7-', 'If-Range': etag });
      expect([etag, ranged.answer.status]).toEqual([etag, 200]);
      expect(etag).not.toContain(ranged.reference);
      expect((await stampOn(ranged.bytes)).reference).toBe(ranged.reference);
    }
  });

  test('is this session’s own however many it has taken since', async () => {
    const { link, customer } = await linked();
    const first = await take(customer, invoice.id);
    const second = await take(customer, invoice.id);
    const before = await tracesOf(link.id);
    for (const { answer, reference } of [first, second]) {
      const etag = answer.headers.get('ETag') ?? '';
      const rest = await take(customer, invoice.id, { Range: 'bytes=9-', 'If-Range': etag });
      expect([rest.answer.status, rest.reference]).toEqual([206, reference]);
      const still = await take(customer, invoice.id, { 'If-None-Match': etag });
      expect(still.answer.status).toBe(304);
    }
    expect(await tracesOf(link.id)).toEqual(before);
  });
});

describe('a stamp that a session has opens nothing by itself', () => {
  const everyWay: [string, Record<string, string>][] = [
    ['GET', {}],
    ['HEAD', {}],
    ['GET', { Range: 'bytes=10-' }],
  ];
  const refusals = async (customer: Customer, { id }: StoredDocument, etag: string) => {
    const asked: [string, Record<string, string>][] = [
      ...everyWay,
      ['GET', { 'If-None-Match': etag }],
      ['GET', { Range: 'bytes=10-', 'If-Range': etag }],
    ];
    return Promise.all(
      asked.map(
        async ([method, headers]) =>
          (await customer.bytes(`documents/${id}`, method, headers)).status,
      ),
    );
  };

  test('a link without financials does not reach an invoice, by its order or by itself', async () => {
    const { customer } = await linked('no_financials');
    const { answer } = await take((await linked()).customer, invoice.id);
    const etag = answer.headers.get('ETag') ?? '';
    expect(new Set(await refusals(customer, invoice, etag))).toEqual(new Set([404]));
    expect((await take(customer, slip.id)).answer.status).toBe(200);
  });

  test('a document that was withdrawn is gone, also to who has a copy of it', async () => {
    const own = await publish(org, orderRows('A', 'SW'), orderFiles('SW'));
    const withdrawn = await storedDocument(stack, org, 'INV-SW');
    const { customer } = await linked();
    const { answer } = await take(customer, withdrawn.id);
    expect(answer.status).toBe(200);
    await org.approver.post(`publishes/${own}/withdrawal`, { reason: 'Taken back' });
    const etag = answer.headers.get('ETag') ?? '';
    expect(new Set(await refusals(customer, withdrawn, etag))).toEqual(new Set([404]));
    const refused = await customer.me<Refusal>(`documents/${withdrawn.id}`);
    expect(refused.body.error.code).toBe('not_found');
  });

  test('a link that was revoked finishes nothing', async () => {
    const { link, customer } = await linked();
    const { answer } = await take(customer, invoice.id);
    await org.clerk.post(`links/${link.id}/revocation`, {});
    const etag = answer.headers.get('ETag') ?? '';
    expect(new Set(await refusals(customer, invoice, etag))).toEqual(new Set([401]));
  });
});
