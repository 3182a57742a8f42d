/** Who saw what a publish brought: told before it is taken back, and after. */
import { beforeAll, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  signIn,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import { readOrder } from '../order-page.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Report = {
  totals: { viewed: number; downloaded: number; people: number; documents: number };
  takings: { takenAs: string; reference: string; document: { number: string }; at: string }[];
  nextCursor: string | null;
};
const reportOf = async (publishId: string, query = '') =>
  (await org.clerk.get<Report>(`publishes/${publishId}/exposure-report${query}`)).body;
const take = async (customer: Customer, tag: string, kind: string, how = '') => {
  const page = await readOrder(customer, `SO-${tag}`);
  const id = page?.documents.find((document) => document.kind === kind)?.id;
  const { status } = await customer.bytes(`documents/${id}${how}`);
  expect(status).toBe(200);
};

test('the report names who took what, through which link, and still does after a withdrawal', async () => {
  const publishId = await publish(
    org,
    ['A', 'B'].flatMap((code) => [customerRow(code, org), ...orderRows(code, code)]),
    { ...orderFiles('A'), ...orderFiles('B') },
  );
  expect(await reportOf(publishId)).toMatchObject({
    totals: { viewed: 0, first: null },
    takings: [],
  });
  const link = await makeLink(stack, org, 'A');
  const anna = await openLink(stack, link.url);
  await take(anna, 'A', 'invoice', '?disposition=inline');
  await take(anna, 'A', 'invoice');
  await take(anna, 'A', 'packing_slip');
  await take(await signIn(stack, org, 'B'), 'B', 'invoice');
  const whole = await reportOf(publishId);
  expect(whole.totals).toMatchObject({ viewed: 1, downloaded: 3, people: 2, documents: 3 });
  const ofA = await reportOf(publishId, '?customer=A');
  expect(ofA.takings.map(({ document, takenAs }) => [document.number, takenAs])).toEqual([
    ['PS-A', 'attachment'],
    ['INV-A', 'attachment'],
    ['INV-A', 'inline'],
  ]);
  expect(ofA.takings[0]).toMatchObject({
    customer: { key: 'A', name: 'Customer A' },
    contact: { name: 'Contact of A', email: `a@${org.slug}.customer.example`, access: 'allowed' },
    link: { id: link.id, last4: link.token.slice(-4), purpose: 'standing', revokedAt: null },
    reference: expect.stringMatching(/^[0-9A-F]{4}(-[0-9A-F]{4}){3}$/),
  });
  const ofInvoice = await reportOf(publishId, '?document=invoice:INV-A');
  expect(ofInvoice.totals).toMatchObject({ viewed: 1, downloaded: 1, documents: 1 });

  const reason = 'Sent to the wrong customer';
  const path = `publishes/${publishId}/withdrawal`;
  await org.approver.post(path, { reason, document: 'invoice:INV-A' });
  expect(await reportOf(publishId, '?document=invoice:INV-A')).toEqual(ofInvoice);
  await org.approver.post(path, { reason });
  await org.clerk.post(`links/${link.id}/revocation`, { endAccess: false });
  const after = await reportOf(publishId);
  expect(after.totals).toEqual(whole.totals);
  expect(after.takings.map(({ reference }) => reference)).toEqual(
    whole.takings.map(({ reference }) => reference),
  );
  expect((await reportOf(publishId, '?customer=A')).takings[0]).toMatchObject({
    link: { revokedAt: expect.any(String) },
  });
});

test('the page of a publish says by customer what went out, who was told and who looked', async () => {
  const own = await makeOrg(stack);
  const first = await publish(
    own,
    ['A', 'B'].flatMap((code) => [customerRow(code, own), ...orderRows(code, code)]),
    { ...orderFiles('A'), ...orderFiles('B') },
  );
  const customer = await signIn(stack, own, 'A');
  await take(customer, 'A', 'invoice');
  const parts = async (publishId: string) =>
    (
      await own.clerk.get<{ parts: object[]; nextCursor: string | null }>(
        `publishes/${publishId}/parts`,
      )
    ).body;
  expect(await parts(first)).toMatchObject({
    parts: [
      {
        key: 'A',
        name: 'Customer A',
        documents: { invoice: 1, packing_slip: 1 },
        orders: 1,
        recipients: 1,
        withdrawn: 0,
        letters: [{ contact: 'Contact of A', email: `a@${own.slug}.customer.example` }],
        seen: { downloaded: 1, viewed: 0, people: 1, first: expect.any(String) },
      },
      { key: 'B', seen: { downloaded: 0, first: null } },
    ],
    nextCursor: null,
  });
  expect((await own.clerk.get(`publishes/${first}/outcome`)).body).toMatchObject({
    ownImportConfirmed: false,
    withdrawals: [],
    seen: { downloaded: 1, customers: 1 },
  });
  // Who was known is no new recipient; what was seen of an older file is not of the new one.
  const rows = [customerRow('A', own), ...orderRows('A', 'A')];
  const second = await publish(own, rows, { 'INV-A.pdf': pdfOf('the revised one') });
  expect(await parts(second)).toMatchObject({
    parts: [{ recipients: 0, seen: { downloaded: 0 } }],
  });
  await take(customer, 'A', 'invoice');
  expect(await parts(second)).toMatchObject({ parts: [{ seen: { downloaded: 1 } }] });
  expect(await parts(first)).toMatchObject({ parts: [{ seen: { downloaded: 1 } }, {}] });
});

test('what staff see through a preview is nobody’s look', async () => {
  const publishId = await publish(
    org,
    [customerRow('P', org), ...orderRows('P', 'P')],
    orderFiles('P'),
  );
  const { id, url } = await makeLink(stack, org, 'P');
  await take(await openLink(stack, url), 'P', 'invoice');
  expect((await reportOf(publishId)).totals.downloaded).toBe(1);
  await stack.sql("update staff.access_links set purpose = 'preview' where id = $1", [id]);
  expect(await reportOf(publishId)).toMatchObject({ totals: { downloaded: 0 }, takings: [] });
});

test('the report comes a page at a time', async () => {
  const publishId = await publish(
    org,
    [customerRow('L', org), ...orderRows('L', 'L')],
    orderFiles('L'),
  );
  const { customerId } = await contactOf(stack, org, 'L');
  await take(await signIn(stack, org, 'L'), 'L', 'invoice');
  await stack.sql(
    `insert into staff.stamps (org_id, reference, document_id, kind, number, object_sha256, taken_as, customer_id, contact_id, link_id, at)
     select s.org_id, upper(regexp_replace(left(md5(n::text), 16), '(....)(....)(....)(....)', '\\1-\\2-\\3-\\4')), s.document_id, s.kind,
            s.number, s.object_sha256, 'inline', s.customer_id, s.contact_id, s.link_id, s.at
       from staff.stamps s, generate_series(1, 60) n where s.customer_id = $1`,
    [customerId],
  );
  const first = await reportOf(publishId);
  expect(first.takings).toHaveLength(50);
  const second = await reportOf(publishId, `?cursor=${first.nextCursor}`);
  expect(second.takings).toHaveLength(11);
  expect(second.nextCursor).toBeNull();
  const references = [...first.takings, ...second.takings].map(({ reference }) => reference);
  expect(new Set(references).size).toBe(61);
});

test('the CSV of it holds no cell that a spreadsheet would run, and is in the audit trail', async () => {
  const evil = { ...customerRow('EVIL', org, '=HYPERLINK("x")'), contact_name: '+cmd' };
  const publishId = await publish(org, [evil, ...orderRows('EVIL', 'EVIL')], orderFiles('EVIL'));
  await take(await signIn(stack, org, 'EVIL'), 'EVIL', 'invoice');
  const { status, headers, body } = await org.clerk.get<string>(
    `publishes/${publishId}/exposure-report.csv?customer=EVIL`,
  );
  expect(status).toBe(200);
  expect(headers.get('Content-Disposition')).toContain('attachment');
  const [header, line = ''] = body.split('\r\n');
  expect(header).toContain('contact_email');
  expect(line).toContain(`"'=HYPERLINK(""x"")"`);
  expect(line).toContain("'+cmd");
  const events = await stack.sql(
    "select detail from audit.events where action = 'exposure.reported' and subject_id = $1",
    [publishId],
  );
  expect(events).toEqual([{ detail: { customer: 'EVIL' } }]);
});
