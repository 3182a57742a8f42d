/**
 * The cast: two suppliers, their staff, and customers who each have something, or nothing. Made the
 * way the product makes them: imported, reviewed, approved, linked.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fontkit from '@cantoo/fontkit';
import { PDFDocument } from '@cantoo/pdf-lib';
import { createOrg } from '../../scripts/local/create-org.ts';
import type { ReviewBody } from '../domain/review.ts';
import { type Customer, openLink, type Staff, staffClient } from './clients.ts';
import type { Stack } from './stack.ts';

const FACE = new URL(
  '../../node_modules/@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf',
  import.meta.url,
);

/** A small PDF that says which it is, so that a wrong one is seen. */
export function pdfOf(text: string): Uint8Array<ArrayBuffer> {
  const page = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${page.length}>>stream\n${page}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let file = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`;
  const tail = `trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
  return new TextEncoder().encode(file + table + tail);
}

/** What a copy of {@link pdfOf} says, whatever its stamp: its page is written into the copy as it was. */
export function saidBy(copy: ArrayBuffer | Uint8Array): string {
  const text = new TextDecoder('latin1').decode(copy);
  const said = Array.from(text.matchAll(/\((.*?)\) Tj ET/g), ([, words = '']) => words);
  return said.find((words) => !words.includes('UTC  link')) ?? '';
}

/** A page with these lines in a face that has every letter of our languages; none: a scan. */
export async function paperOf(lines: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create();
  document.registerFontkit(fontkit);
  const page = document.addPage([595, 842]);
  if (lines.length > 0) {
    const font = await document.embedFont(await readFile(FACE), { subset: true });
    lines.forEach((line, at) => {
      page.drawText(line, { font, size: 11, x: 60, y: 760 - at * 18 });
    });
  }
  return Uint8Array.from(await document.save());
}

/** A row of a CSV, by its columns. */
export type Cells = Record<string, string>;

/** Rows as CSV, with the union of their columns. */
export function csvOf(rows: Cells[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (text = '') => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => cells.map(cell).join(','))
    .join('\n');
}

export type Org = {
  id: string;
  slug: string;
  code: string;
  clerk: Staff;
  approver: Staff;
  owner: Staff;
  service: Staff;
};

const random = (letters: number) => randomBytes(letters).toString('hex').slice(0, letters);

/** A supplier with a clerk, an approver, an owner and a service token. */
export async function makeOrg(stack: Stack, name = 'Acme Manufacturing'): Promise<Org> {
  const slug = `org-${random(8)}`;
  const { id, code } = await createOrg(
    async (query, params) => ({ rows: await stack.sql(query, params) }),
    {
      slug,
      name,
      owner: { email: `olga@${slug}.example`, name: 'Olga Berg' },
    },
  );
  const people = [
    ['clara', 'Clara Nowak', 'clerk'],
    ['amir', 'Amir Haddad', 'approver'],
  ];
  for (const [mailbox, person, role] of people) {
    await stack.sql(
      'insert into staff.members (org_id, email, name, role) values ($1, $2, $3, $4)',
      [id, `${mailbox}@${slug}.example`, person, role],
    );
  }
  await stack.sql(
    "insert into staff.members (org_id, service_name, name, role) values ($1, $2, 'ERP export', 'clerk')",
    [id, `${slug}.access`],
  );
  const as = async (mailbox: string) =>
    staffClient(stack, slug, await stack.access.token(`${mailbox}@${slug}.example`));
  const service = await stack.serviceToken(`${slug}.access`);
  return {
    id,
    slug,
    code,
    clerk: await as('clara'),
    approver: await as('amir'),
    owner: await as('olga'),
    service: staffClient(stack, slug, service),
  };
}

/** Changes some of a supplier's settings, as its owner. */
export async function setSettings(org: Org, changes: Record<string, unknown>): Promise<void> {
  const { body } = await org.owner.get<Record<string, unknown>>('settings');
  const answer = await org.owner.put('settings', { ...body, ...changes });
  if (answer.status !== 200) {
    throw new Error(`settings refused: ${JSON.stringify(answer.body)}`);
  }
}

/** The review as its route answers. */
export type ReviewSeen = ReviewBody & { totals: { rows: number; skipped: number } };

/** The review once its files are ready: each look at it sets the making of renditions going. */
export async function preparedReview(org: Org, publishId: string): Promise<ReviewSeen> {
  for (let look = 0; look < 500; look += 1) {
    const { body } = await org.approver.get<ReviewSeen>(`publishes/${publishId}/review`);
    if (body.preparing === 0) {
      return body;
    }
  }
  throw new Error('the renditions of the publish are not made');
}

/** Stages rows and files as the clerk. */
export async function stageRows(
  org: Org,
  rows: Cells[],
  files: Record<string, Uint8Array<ArrayBuffer>> = {},
): Promise<string> {
  const { status, body } = await org.clerk.importCsv(csvOf(rows));
  if (status !== 201) {
    throw new Error(`import refused: ${JSON.stringify(body)}`);
  }
  for (const [name, bytes] of Object.entries(files)) {
    await org.clerk.uploadPdf(body.publishId, name, bytes);
  }
  return body.publishId;
}

/** Reviews and approves as the approver, ticking all that asks for it. */
export async function approve(org: Org, publishId: string) {
  const ticks = await org.approver.get<ReviewSeen>(`publishes/${publishId}/review?show=ticks`);
  const items = ticks.body.items.map(({ kind, key, file }) => ({
    kind,
    key,
    sha256: file?.sha256 ?? null,
  }));
  if (items.length > 0) {
    await org.approver.put(`publishes/${publishId}/ticks`, { items, ticked: true });
  }
  const { hash } = await preparedReview(org, publishId);
  return org.approver.post<{ status: string; alreadyApproved: boolean; summary: object }>(
    `publishes/${publishId}/approval`,
    { reviewHash: hash },
  );
}

export async function publish(
  org: Org,
  rows: Cells[],
  files: Record<string, Uint8Array<ArrayBuffer>> = {},
): Promise<string> {
  const publishId = await stageRows(org, rows, files);
  const { status, body } = await approve(org, publishId);
  if (status !== 200) {
    throw new Error(`approval refused: ${JSON.stringify(body)}`);
  }
  return publishId;
}

export const day = (daysFromToday: number) =>
  new Date(Date.now() + daysFromToday * 86_400_000).toISOString().slice(0, 10);

/** An order with a line, an invoice and a delivery paper, all of whose numbers say `tag`. */
export function orderRows(customer: string, tag: string): Cells[] {
  const order = { customer_code: customer, order_number: `SO-${tag}` };
  return [
    {
      ...order,
      order_date: day(-20),
      order_status: 'shipped',
      order_subtotal: '100.00',
      order_tax: '21.00',
      order_total: '121.00',
      currency: 'EUR',
      items_count: '1',
      po_number: `PO-${tag}`,
      line_number: '1',
      line_item_code: 'BOLT-8',
      line_description: 'Hex bolt M8',
      line_quantity: '50',
      line_unit_price: '2.00',
      line_total: '100.00',
      carrier: 'FedEx',
      tracking_number: `TRK-${tag}`,
    },
    {
      ...order,
      document_kind: 'invoice',
      document_number: `INV-${tag}`,
      document_date: day(-18),
      file_name: `INV-${tag}.pdf`,
      due_date: day(12),
      net: '100.00',
      tax: '21.00',
      total: '121.00',
      currency: 'EUR',
    },
    {
      ...order,
      document_kind: 'packing_slip',
      document_number: `PS-${tag}`,
      document_date: day(-19),
      file_name: `PS-${tag}.pdf`,
    },
  ];
}

/** The files that {@link orderRows} name. */
export function orderFiles(tag: string) {
  return { [`INV-${tag}.pdf`]: pdfOf(`INV-${tag}`), [`PS-${tag}.pdf`]: pdfOf(`PS-${tag}`) };
}

/** The row that makes a customer and its contact. */
export function customerRow(code: string, org: Org, name = `Customer ${code}`) {
  return {
    customer_code: code,
    customer_name: name,
    contact_name: `Contact of ${code}`,
    contact_email: `${code.toLowerCase()}@${org.slug}.customer.example`,
    contact_language: 'en',
  };
}

export type Contact = { customerId: string; contactId: string };

/** The ids of a customer and of its first contact. */
export async function contactOf(stack: Stack, org: Org, code: string): Promise<Contact> {
  const [row] = await stack.sql<{ customer_id: string; id: string }>(
    `select c.id, c.customer_id from portal.contacts c join portal.customers b on b.id = c.customer_id
      where b.org_id = $1 and b.code_key = $2 order by c.created_at, c.id limit 1`,
    [org.id, code],
  );
  if (row === undefined) {
    throw new Error(`no contact of ${code}`);
  }
  return { customerId: row.customer_id, contactId: row.id };
}

/** A standing link for a customer's contact, as staff copy it. */
export async function makeLink(
  stack: Stack,
  org: Org,
  code: string,
  scope: 'all' | 'no_financials' = 'all',
): Promise<{ id: string; url: string; token: string }> {
  const { customerId, contactId } = await contactOf(stack, org, code);
  const { status, body } = await org.clerk.post<{ link: { id: string }; url: string }>(
    `customers/${customerId}/links`,
    { contactId, scope, delivery: 'copy' },
  );
  if (status !== 201) {
    throw new Error(`no link: ${JSON.stringify(body)}`);
  }
  return { id: body.link.id, url: body.url, token: body.url.split('/').at(-1) ?? '' };
}

/** A signed-in customer. */
export async function signIn(
  stack: Stack,
  org: Org,
  code: string,
  scope: 'all' | 'no_financials' = 'all',
): Promise<Customer> {
  const { url } = await makeLink(stack, org, code, scope);
  return openLink(stack, url);
}

/** An org with one customer, A, who is signed in and has an order, SO-1, without papers yet. */
export async function makeBuyer(
  stack: Stack,
  name?: string,
): Promise<{ org: Org; customer: Customer }> {
  const org = await makeOrg(stack);
  await publish(org, [
    customerRow('A', org, name),
    { customer_code: 'A', order_number: 'SO-1', order_date: day(-3) },
  ]);
  return { org, customer: await signIn(stack, org, 'A') };
}

/** A report by a customer's first contact about `SO-<tag>`, told by SQL alone; gives its id. */
export async function makeIssue(
  stack: Stack,
  org: Org,
  code: string,
  tag: string,
  description = `Two cartons of ${tag} are wet.`,
): Promise<string> {
  const { customerId, contactId } = await contactOf(stack, org, code);
  const [row] = await stack.sql<{ id: string }>(
    `insert into portal.issue_reports (org_id, customer_id, contact_id, number, order_number, order_key, line_numbers, kind,
                                       description, contact_email, idempotency_key)
     values ($1, $2, $3, (select coalesce(max(number), 0) + 1 from portal.issue_reports where org_id = $1), $4, $4, '{1}',
             'damaged', $5, 'dock@customer.example', $6)
     returning id`,
    [org.id, customerId, contactId, `SO-${tag}`, description, `key-${random(8)}`],
  );
  return row?.id ?? '';
}

/** A request for a change by a customer's contact, told by SQL; gives its id. */
export async function makeChange(
  stack: Stack,
  org: Org,
  code: string,
  fields: Record<string, string> = { name: `Renamed of ${code}` },
  kind = 'contact_details',
): Promise<string> {
  const { customerId, contactId } = await contactOf(stack, org, code);
  const [row] = await stack.sql<{ id: string }>(
    `insert into portal.change_requests (org_id, customer_id, contact_id, kind, fields, idempotency_key)
     values ($1, $2, $3, $4, $5::jsonb, $6) returning id`,
    [org.id, customerId, contactId, kind, JSON.stringify(fields), `key-${random(8)}`],
  );
  return row?.id ?? '';
}

/** A photo of a report, told by SQL, with its bytes in the bucket; gives its id. */
export async function addPhoto(
  stack: Stack,
  org: Org,
  issueId: string,
  { bytes = 'a picture', mediaType = 'image/png', fileName = 'dock.png' } = {},
): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  await (await stack.bucket()).put(`${org.id}/photos/${hash}`, bytes);
  const [row] = await stack.sql<{ id: string }>(
    `insert into portal.issue_photos (org_id, customer_id, issue_id, sha256, size, media_type, file_name)
     select org_id, customer_id, id, $2, $3, $4, $5 from portal.issue_reports where id = $1 returning id`,
    [issueId, hash, bytes.length, mediaType, fileName],
  );
  return row?.id ?? '';
}
