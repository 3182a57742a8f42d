/** From a copy that turned up somewhere back to who took it: the reference on its page is enough. */
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  setSettings,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import { stampOn, storedDocument } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let other: Org;
let link: { id: string; url: string; token: string };
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  other = await makeOrg(stack, 'Borealis');
  await setSettings(org, { drawsConfirmations: true });
  await publish(
    org,
    [{ ...customerRow('A', org), contact_name: 'Ana Ruiz' }, ...orderRows('A', 'T')],
    orderFiles('T'),
  );
  link = await makeLink(stack, org, 'A');
  customer = await openLink(stack, link.url);
});

type Stamp = {
  reference: string;
  at: string;
  action: string;
  inZip: boolean;
  document: { id: string; kind: string; number: string; orderNumber: string | null; live: boolean };
  customer: { id: string; code: string; name: string };
  contact: { name: string | null; email: string };
  link: {
    id: string;
    last4: string;
    label: string | null;
    purpose: string;
    previewedBy: string | null;
    createdAt: string;
    revokedAt: string | null;
  };
  requestId: string | null;
  sha256: string | null;
};
const trace = (reference: string, as = org.clerk) =>
  as.get<{ stamp: Stamp; error?: { code: string } }>(`stamps/${encodeURIComponent(reference)}`);
const traced = async (reference: string) => (await trace(reference)).body.stamp;

/** Takes a document, and gives what its page says and the request that took it. */
async function take(number: string, query = '') {
  const { id, key } = await storedDocument(stack, org, number);
  const answer = await customer.bytes(`documents/${id}${query}`);
  const { reference } = await stampOn(await answer.arrayBuffer());
  return { id, key, reference, requestId: answer.headers.get('X-Request-Id') };
}

describe('the reference on a copy', () => {
  test('says what was taken, by whom, when, through which link, and in which request', async () => {
    const { id, key, reference, requestId } = await take('INV-T');
    const { customerId } = await contactOf(stack, org, 'A');
    const stamp = await traced(reference);
    expect(stamp).toEqual({
      reference,
      at: expect.any(String),
      action: 'document.downloaded',
      inZip: false,
      document: { id, kind: 'invoice', number: 'INV-T', orderNumber: 'SO-T', live: true },
      customer: { id: customerId, code: 'A', name: 'Customer A' },
      contact: { name: 'Ana Ruiz', email: `a@${org.slug}.customer.example` },
      link: {
        id: link.id,
        last4: link.token.slice(-4),
        label: null,
        purpose: 'standing',
        previewedBy: null,
        createdAt: expect.any(String),
        revokedAt: null,
      },
      requestId,
      sha256: key.split('/')[1],
    });
    expect(Math.abs(Date.now() - Date.parse(stamp.at))).toBeLessThan(60_000);
    const events = await stack.sql(
      'select action, subject_id, request_id from audit.events where org_id = $1 and detail->>$2 = $3 and action like $4',
      [org.id, 'reference', reference, 'document.%'],
    );
    expect(events).toEqual([
      { action: 'document.downloaded', subject_id: id, request_id: requestId },
    ]);
  });

  test('is read however it is typed from paper', async () => {
    const { reference } = await take('INV-T');
    const typed = [
      reference.toLowerCase(),
      reference.replaceAll('-', ''),
      reference.replaceAll('-', ' '),
      reference.replaceAll('-', '–'),
      ` ${reference.toLowerCase().replaceAll('-', '')} `,
      reference.replaceAll('0', 'O'),
      reference.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l'),
      reference.replaceAll('1', 'I'),
    ];
    for (const text of typed) {
      expect([text, (await traced(text))?.reference]).toEqual([text, reference]);
    }
  });

  test('tells a look from a download, and a ZIP from both', async () => {
    const viewed = await take('INV-T', '?disposition=inline');
    expect(await traced(viewed.reference)).toMatchObject({
      action: 'document.viewed',
      inZip: false,
    });
    const zip = await customer.bytes('documents.zip');
    const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    const zipped = await stampOn(files['PS-T.pdf'] ?? new Uint8Array());
    expect(await traced(zipped.reference)).toMatchObject({
      action: 'document.downloaded',
      inZip: true,
      document: { kind: 'packing_slip', number: 'PS-T', orderNumber: 'SO-T' },
      requestId: zip.headers.get('X-Request-Id'),
    });
  });

  test('of what was drawn leads to it, also when its order was published again since', async () => {
    const { id, reference } = await take('SO-T');
    await publish(org, orderRows('A', 'T').slice(0, 1));
    expect(await traced(reference)).toMatchObject({
      document: { id, kind: 'order_confirmation', number: 'SO-T', live: true },
    });
  });

  test('still leads to its taking when link, document and name are no more what they were', async () => {
    const publishId = await publish(org, orderRows('A', 'GONE'), orderFiles('GONE'));
    const once = await makeLink(stack, org, 'A');
    const { id } = await storedDocument(stack, org, 'INV-GONE');
    const answer = await (await openLink(stack, once.url)).bytes(`documents/${id}`);
    const { reference } = await stampOn(await answer.arrayBuffer());
    await org.clerk.post(`links/${once.id}/revocation`, {});
    await org.approver.post(`publishes/${publishId}/withdrawal`, { reason: 'Taken back' });
    expect(await traced(reference)).toMatchObject({
      document: { number: 'INV-GONE', orderNumber: 'SO-GONE', live: false },
      link: { id: once.id, revokedAt: expect.any(String) },
    });
  });
});

describe('a trace', () => {
  const asked = async (of = org) =>
    stack.sql<{ actor: string; reference: string }>(
      `select m.name as actor, e.detail->>'reference' as reference from audit.events e
         join staff.members m on m.id = e.actor_id
        where e.org_id = $1 and e.action = 'stamp.traced' order by e.at, e.id`,
      [of.id],
    );

  test('is itself told, under the name of whoever asked', async () => {
    const { reference } = await take('INV-T');
    const before = (await asked()).length;
    for (const person of [org.clerk, org.approver, org.owner]) {
      expect((await trace(reference, person)).status).toBe(200);
    }
    expect((await asked()).slice(before)).toEqual(
      ['Clara Nowak', 'Amir Haddad', 'Olga Berg'].map((actor) => ({ actor, reference })),
    );
  });

  test('of another supplier’s reference finds nothing, and tells nobody', async () => {
    const { reference } = await take('INV-T');
    const before = [await asked(), await asked(other)];
    const theirs = await trace(reference, other.owner);
    const nobodys = await trace('0000-0000-0000-0000', other.owner);
    for (const answer of [theirs, nobodys]) {
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
    expect([await asked(), await asked(other)]).toEqual(before);
  });

  test('is for people, and for references', async () => {
    const { reference } = await take('INV-T');
    expect((await trace(reference, org.service)).status).toBe(403);
    for (const junk of ['7A3F-09BC-41DE', `${reference}-0000`, 'ZZZZ-ZZZZ-ZZZZ-ZZZZ', "' or 1=1"]) {
      expect([junk, (await trace(junk)).status]).toEqual([junk, 404]);
    }
  });
});
