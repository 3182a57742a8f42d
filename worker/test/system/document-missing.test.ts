/**
 * A document whose bytes are gone or are not the ones approved: nobody gets half of it, and staff hear
 * of it, once, from a customer or before one asks.
 */

import { unzipSync } from 'fflate';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  saidBy,
  setSettings,
  signIn,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type StoredDocument, storedDocument } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
let invoice: StoredDocument;
let slip: StoredDocument;
let whole: ArrayBuffer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  // One is stamped, and one is served as it is.
  await setSettings(org, { unstampedKinds: ['packing_slip'] });
  await publish(org, [customerRow('A', org), ...orderRows('A', 'M')], orderFiles('M'));
  customer = await signIn(stack, org, 'A');
  invoice = await storedDocument(stack, org, 'INV-M');
  slip = await storedDocument(stack, org, 'PS-M');
  const object = await (await stack.bucket()).get(invoice.key);
  whole = (await object?.arrayBuffer()) ?? new ArrayBuffer(0);
});
/** Every test begins with what was approved, and with nothing said. */
beforeEach(async () => {
  await restore();
  for (const { id } of await openAlerts()) {
    await settle(id);
  }
});

type Alert = { id: string; kind: string; subject: string; params: Record<string, string> };
type Refusal = { error: { code: string; fields?: Record<string, string> } };

const openAlerts = async (as: Org['clerk'] = org.clerk) =>
  (await as.get<{ alerts: Alert[] }>('alerts')).body.alerts;
const settle = (id: string, as: Org['clerk'] = org.clerk) =>
  as.put<Refusal>(`alerts/${id}`, { resolved: true });
/** The bucket keeps the hash of what is put with one, as the product does. */
async function restore() {
  const sha256 = invoice.key.split('/')[1] ?? '';
  await (await stack.bucket()).put(invoice.key, whole, { sha256 });
}
const trail = async (action: string, subject = invoice.id) =>
  stack.sql<{ actor_kind: string; request: string; detail: Record<string, unknown> }>(
    'select actor_kind, request_id as request, detail from audit.events where org_id = $1 and action = $2 and subject_id = $3 order by at, id',
    [org.id, action, subject],
  );

/** What may happen to an object, and what it is called. */
const HARMS: [what: string, harm: () => Promise<unknown>][] = [
  ['is gone', async () => (await stack.bucket()).delete(invoice.key)],
  ['is empty', async () => (await stack.bucket()).put(invoice.key, '')],
  [
    'is cut short',
    async () => (await stack.bucket()).put(invoice.key, whole.slice(0, whole.byteLength - 1)),
  ],
  [
    'has grown',
    async () =>
      (await stack.bucket()).put(
        invoice.key,
        Buffer.concat([Buffer.from(whole), Buffer.from('%')]),
      ),
  ],
];

describe.each(HARMS)('an object that %s', (_, harm) => {
  test('is never served, whole or in part, and staff are told once', async () => {
    await harm();
    const before = (await trail('document.missing')).length;
    const asked: [string, Record<string, string>][] = [
      ['GET', {}],
      ['GET', { Range: 'bytes=0-9' }],
      ['GET', { Range: 'bytes=-9' }],
      ['HEAD', {}],
    ];
    for (const [method, headers] of asked) {
      const answer = await customer.bytes(`documents/${invoice.id}`, method, headers);
      expect([method, headers, answer.status]).toEqual([method, headers, 404]);
      expect(answer.headers.get('Content-Disposition')).toBeNull();
      expect(answer.headers.get('ETag')).toBeNull();
      if (method === 'GET') {
        expect(await answer.json()).toMatchObject({ error: { code: 'document_unavailable' } });
      }
    }
    expect(await openAlerts()).toMatchObject([
      {
        kind: 'document_missing',
        subject: invoice.id,
        params: { kind: 'invoice', number: 'INV-M', customerCode: 'A', fileName: 'INV-M.pdf' },
      },
    ]);
    const missing = (await trail('document.missing')).slice(before);
    expect(missing.map(({ actor_kind }) => actor_kind)).toEqual(asked.map(() => 'customer'));
    await restore();
    const again = await customer.bytes(`documents/${invoice.id}`);
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([200, invoice.size]);
  });

  test('is not in a ZIP, nor is anything else: it names the document', async () => {
    await harm();
    for (const method of ['GET', 'HEAD']) {
      const answer = await customer.bytes('documents.zip', method);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('Content-Disposition')).toBeNull();
      if (method === 'GET') {
        expect(await answer.json()).toMatchObject({
          error: { code: 'document_unavailable', fields: { document: 'INV-M' } },
        });
      }
    }
    expect(await openAlerts()).toMatchObject([{ kind: 'document_missing', subject: invoice.id }]);
    // The trail had told of the taking before; it says in the same breath that nothing came of it.
    const [taken] = (await trail('document.downloaded', slip.id)).slice(-1);
    const missing = await trail('document.missing');
    expect(missing.map(({ request }) => request)).toContain(taken?.request);
    // Without it there is one.
    const slips = await customer.bytes('documents.zip?kind=packing_slip');
    expect(Object.keys(unzipSync(new Uint8Array(await slips.arrayBuffer())))).toEqual([
      'index.csv',
      'PS-M.pdf',
    ]);
  });
});

test.each([
  ['stamped', 'INV-M', () => invoice],
  ['served as it is', 'PS-M', () => slip],
])('a document that is %s is mended by its own file, uploaded again', async (_, number, of) => {
  const { id, key } = of();
  await (await stack.bucket()).put(key, 'something else');
  expect((await customer.bytes(`documents/${id}`)).status).toBe(404);
  await publish(org, orderRows('A', 'M'), orderFiles('M'));
  const mended = await customer.bytes(`documents/${id}`);
  expect(mended.status).toBe(200);
  expect(saidBy(await mended.arrayBuffer())).toBe(number);
});

describe('an alert', () => {
  const raise = async () => {
    await (await stack.bucket()).delete(invoice.key);
    await customer.bytes(`documents/${invoice.id}`);
    const [alert] = await openAlerts();
    return alert?.id ?? '';
  };

  test('is settled once, by a person, and comes again when it was not settled at all', async () => {
    const first = await raise();
    expect(await raise()).toBe(first);
    expect((await settle(first)).status).toBe(204);
    expect(await openAlerts()).toEqual([]);
    expect(await settle(first)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    const second = await raise();
    expect(second).not.toBe(first);
    const resolved = await trail('alert.resolved');
    expect(resolved.at(-1)).toMatchObject({
      actor_kind: 'staff',
      detail: { kind: 'document_missing' },
    });
    const raised = await trail('alert.raised');
    expect(raised.at(-1)).toMatchObject({ actor_kind: 'system' });
  });

  test('is read and settled by people of its supplier, and by no machine or neighbour', async () => {
    const id = await raise();
    for (const person of [org.clerk, org.approver, org.owner]) {
      expect(await openAlerts(person)).toMatchObject([{ id }]);
    }
    expect((await org.service.get('alerts')).status).toBe(403);
    expect((await settle(id, org.service)).status).toBe(403);
    const other = await makeOrg(stack, 'Borealis');
    expect(await openAlerts(other.owner)).toEqual([]);
    expect((await settle(id, other.owner)).status).toBe(404);
    expect((await org.clerk.put(`alerts/${id}`, { resolved: false })).status).toBe(422);
    expect(await openAlerts()).toMatchObject([{ id }]);
  });
});

describe('the hourly look at the bucket', () => {
  /** One look reads so many objects, and the tests' other suppliers have some too. */
  async function look() {
    await stack.sql('update portal.documents set checked_at = null where org_id = $1', [org.id]);
    for (let run = 0; run < 20; run += 1) {
      await stack.scheduled('17 * * * *');
      const left = await stack.sql(
        'select from portal.documents where org_id = $1 and checked_at is null and object_sha256 is not null',
        [org.id],
      );
      if (left.length === 0) return;
    }
    throw new Error('the bucket is not looked at');
  }

  test('says nothing of what is there', async () => {
    await look();
    expect(await openAlerts()).toEqual([]);
  });

  test.each<[string, string, () => Promise<unknown>]>([
    ['what is gone', 'document_missing', async () => (await stack.bucket()).delete(invoice.key)],
    [
      'what was cut short',
      'document_damaged',
      async () => (await stack.bucket()).put(invoice.key, whole.slice(1)),
    ],
    [
      'other bytes of the same length',
      'document_damaged',
      async () => (await stack.bucket()).put(invoice.key, new Uint8Array(whole.byteLength)),
    ],
    [
      'other bytes of the same length that were put with their own hash',
      'document_damaged',
      async () => {
        const other = new Uint8Array(whole.byteLength).fill(32);
        const sha256 = await crypto.subtle.digest('SHA-256', other);
        return (await stack.bucket()).put(invoice.key, other, { sha256 });
      },
    ],
  ])('finds %s before a customer does, and says so once', async (_, kind, harm) => {
    await harm();
    await look();
    await look();
    expect(await openAlerts()).toMatchObject([{ kind, subject: invoice.id }]);
    const [alert] = await openAlerts();
    await settle(alert?.id ?? '');
    await look();
    expect(await openAlerts()).toMatchObject([{ kind, subject: invoice.id }]);
  });

  test('does not look again at what it saw today', async () => {
    await look();
    await (await stack.bucket()).delete(invoice.key);
    await stack.scheduled('17 * * * *');
    expect(await openAlerts()).toEqual([]);
    await stack.sql(
      "update portal.documents set checked_at = now() - interval '21 hours' where id = $1",
      [invoice.id],
    );
    await stack.scheduled('17 * * * *');
    expect(await openAlerts()).toMatchObject([{ kind: 'document_missing' }]);
  });
});
