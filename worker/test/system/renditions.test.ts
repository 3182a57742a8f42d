/**
 * Renditions: an approval waits for them, they carry the name that is approved with them, and a file that
 * cannot be stamped says so and holds nothing else up.
 */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  customerRow,
  day,
  makeBuyer,
  makeOrg,
  type Org,
  pdfOf,
  preparedReview,
  publish,
  type ReviewSeen,
  saidBy,
  setSettings,
  signIn,
  stageRows,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { storedDocument, textOf } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  ({ org, customer } = await makeBuyer(stack, 'Anvil & Sons'));
});

type Bytes = Uint8Array<ArrayBuffer>;

const slip = (number: string) => ({
  customer_code: 'A',
  order_number: 'SO-1',
  document_kind: 'packing_slip',
  document_number: number,
  file_name: `${number}.pdf`,
});
const review = async (publishId: string) =>
  (await org.approver.get<ReviewSeen>(`publishes/${publishId}/review?kind=document`)).body;
const sign = async (publishId: string, reviewHash: string) => {
  const answer = await org.approver.post<{ error?: { code: string } }>(
    `publishes/${publishId}/approval`,
    { reviewHash },
  );
  return answer.body.error?.code ?? answer.status;
};
const copyOf = async (number: string, by = customer, of = org) => {
  const { id } = await storedDocument(stack, of, number);
  const answer = await by.bytes(`documents/${id}`);
  expect([number, answer.status]).toEqual([number, 200]);
  return new Uint8Array(await answer.arrayBuffer());
};

/** As if another run were making the rendition of these bytes. */
async function hold(bytes: Bytes): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await stack.sql(
    `insert into staff.renditions (org_id, source_sha256, customer_key, customer_name, stamp_version, leased_until)
     values ($1, $2, 'A', 'Anvil & Sons', staff.stamp_version(), now() + interval '1 hour')`,
    [org.id, sha256],
  );
  return sha256;
}
/** Stages one document whose rendition is held, until it is let go. */
async function stageHeld(number: string) {
  const sha256 = await hold(pdfOf(number));
  const publishId = await stageRows(org, [slip(number)], { [`${number}.pdf`]: pdfOf(number) });
  return { publishId, sha256 };
}
const letGo = (sha256: string) =>
  stack.sql(
    "update staff.renditions set leased_until = now() - interval '1 second' where org_id = $1 and source_sha256 = $2",
    [org.id, sha256],
  );

describe('an approval', () => {
  test('waits until what passes can be served, and then is that of the same review', async () => {
    const { publishId, sha256 } = await stageHeld('W-1');
    const seen = await review(publishId);
    expect(seen).toMatchObject({ preparing: 1, items: [{ passes: true, file: { ready: false } }] });
    await stack.minute();
    expect(await sign(publishId, seen.hash)).toBe('rendition_pending');
    expect(
      await stack.sql('select from portal.documents where org_id = $1 and number = $2', [
        org.id,
        'W-1',
      ]),
    ).toEqual([]);
    await letGo(sha256);
    await preparedReview(org, publishId);
    const ready = await review(publishId);
    expect(ready).toMatchObject({
      preparing: 0,
      items: [{ file: { ready: true, served: 'stamped' } }],
    });
    // Whether bytes are made is not what was reviewed.
    expect(ready.hash).toBe(seen.hash);
    expect(await sign(publishId, seen.hash)).toBe(200);
    expect(saidBy(await copyOf('W-1'))).toBe('W-1');
  });

  test('waits again for a rendition that was lost after it was seen to be ready', async () => {
    const publishId = await stageRows(org, [slip('W-5')], { 'W-5.pdf': pdfOf('W-5') });
    const { hash } = await preparedReview(org, publishId);
    await review(publishId);
    const sha256 = createHash('sha256').update(pdfOf('W-5')).digest('hex');
    await stack.sql(
      'update staff.renditions set lost = true where org_id = $1 and source_sha256 = $2',
      [org.id, sha256],
    );
    expect(await sign(publishId, hash)).toBe('rendition_pending');
    await preparedReview(org, publishId);
    expect(await sign(publishId, hash)).toBe(200);
  });

  test('does not wait for what nobody will get', async () => {
    const publishId = await stageRows(
      org,
      [
        slip('N-1'),
        { document_kind: 'packing_slip', document_number: 'N-2', file_name: 'N-2.pdf' },
      ],
      { 'N-1.pdf': pdfOf('N-1'), 'N-2.pdf': pdfOf('N-2'), 'N-3.pdf': pdfOf('N-3') },
    );
    const { preparing } = await preparedReview(org, publishId);
    expect(preparing).toBe(0);
    expect((await approve(org, publishId)).status).toBe(200);
  });
});

describe('the name on a copy', () => {
  test('is the one that is approved with it, and the same bytes are stamped anew for a new one', async () => {
    await publish(org, [slip('R-1')], { 'R-1.pdf': pdfOf('R-1') });
    expect(await textOf(await copyOf('R-1'))).toContain('Anvil & Sons');
    const before = await storedDocument(stack, org, 'R-1');
    await publish(org, [customerRow('A', org, 'Ambos Żelazo S.A.'), slip('R-1'), slip('R-2')], {
      'R-1.pdf': pdfOf('R-1'),
      'R-2.pdf': pdfOf('R-2'),
    });
    for (const number of ['R-1', 'R-2']) {
      const text = await textOf(await copyOf(number));
      expect(text).toContain('Ambos Żelazo S.A.');
      expect(text).not.toContain('Anvil');
    }
    const after = await storedDocument(stack, org, 'R-1');
    expect(after.id).toBe(before.id);
    expect(after.key).not.toBe(before.key);
    await publish(org, [customerRow('A', org, 'Anvil & Sons')]);
  });

  test('is not one that stays behind with a problem', async () => {
    const publishId = await stageRows(
      org,
      [
        { customer_code: 'A', customer_name: 'Nobody knows Ltd' },
        { customer_code: 'A', customer_name: 'Nobody else knows Ltd' },
        slip('P-1'),
      ],
      { 'P-1.pdf': pdfOf('P-1') },
    );
    const { items } = await review(publishId);
    expect(items).toMatchObject([{ passes: true }]);
    expect((await approve(org, publishId)).status).toBe(200);
    const text = await textOf(await copyOf('P-1'));
    expect(text).not.toContain('Nobody');
    expect(text).toContain('Anvil & Sons');
  });
});

describe('a file that cannot be stamped', () => {
  test('is tried three times, then blocks, and holds nothing else up', async () => {
    const { publishId, sha256 } = await stageHeld('F-1');
    // The bucket has lost it: every try ends without a word.
    await (await stack.bucket()).delete(`${org.id}/${sha256}`);
    await org.clerk.importCsv(
      'customer_code,order_number,document_kind,document_number,file_name\nA,SO-1,packing_slip,F-2,F-2.pdf\n',
      publishId,
    );
    await org.clerk.uploadPdf(publishId, 'F-2.pdf', pdfOf('F-2'));
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await letGo(sha256);
      await stack.minute();
      expect((await review(publishId)).preparing).toBe(1);
    }
    await letGo(sha256);
    await stack.minute();
    const { preparing, items, hash } = await review(publishId);
    expect(preparing).toBe(0);
    const codes = Object.fromEntries(
      items.map(({ key, problems }) => [key, problems.map(({ code }) => code)]),
    );
    expect(codes['packing_slip:F-1']).toContain('stamp_failed');
    expect(codes['packing_slip:F-2']).not.toContain('stamp_failed');
    expect(items.map(({ key, passes }) => [key, passes])).toEqual([
      ['packing_slip:F-1', false],
      ['packing_slip:F-2', true],
    ]);
    expect(await sign(publishId, hash)).toBe(200);
    expect(saidBy(await copyOf('F-2'))).toBe('F-2');
    // Uploaded once more it is tried once more: nothing was wrong with the file.
    await publish(org, [slip('F-1')], { 'F-1.pdf': pdfOf('F-1') });
    expect(saidBy(await copyOf('F-1'))).toBe('F-1');
  });

  test('is tried alone the second time, so that it takes no other down with it', async () => {
    const numbers = ['T-1', 'T-2', 'T-3'];
    const held = await Promise.all(numbers.map((number) => hold(pdfOf(number))));
    const publishId = await stageRows(
      org,
      numbers.map((number) => slip(number)),
      Object.fromEntries(numbers.map((number) => [`${number}.pdf`, pdfOf(number)])),
    );
    await stack.minute();
    // No other run takes them from here on.
    await stack.sql('update staff.publishes set unprepared = false where id = $1', [publishId]);
    await Promise.all(held.map(letGo));
    const claim = async () => {
      const [rows] = await stack.sqlAs('system', [
        'select * from staff.claim_renditions($1, $2, 10, true)',
        [org.id, publishId],
      ]);
      return rows?.length;
    };
    expect(await claim()).toBe(3);
    // The run ended with its isolate: nothing came of them.
    await Promise.all(held.map(letGo));
    expect([await claim(), await claim(), await claim(), await claim()]).toEqual([1, 1, 1, 0]);
  });

  test('passes without a stamp, when the supplier wants none', async () => {
    const { publishId, sha256 } = await stageHeld('F-3');
    await stack.sql(
      'update staff.renditions set failed = true, leased_until = null where org_id = $1 and source_sha256 = $2',
      [org.id, sha256],
    );
    const isBlocked = async () => {
      const [item] = (await review(publishId)).items;
      return [item?.blocked, item?.problems.some(({ code }) => code === 'stamp_failed')];
    };
    expect(await isBlocked()).toEqual([true, true]);
    await setSettings(org, { stamping: false });
    expect(await isBlocked()).toEqual([false, false]);
    expect((await approve(org, publishId)).status).toBe(200);
    await setSettings(org, { stamping: true });
  });
});

test('two suppliers with the same bytes share neither the file nor its copies', async () => {
  const other = await makeOrg(stack, 'Borealis');
  const bytes = pdfOf('SHARED');
  const rows = [slip('SH-1')];
  const staged = await stageRows(org, rows, { 'SH-1.pdf': bytes });
  expect((await approve(org, staged)).status).toBe(200);
  await publish(
    other,
    [
      customerRow('A', other, 'Another A'),
      { customer_code: 'A', order_number: 'SO-1', order_date: day(-3) },
      ...rows,
    ],
    { 'SH-1.pdf': bytes },
  );
  const [mine, theirs] = [
    await storedDocument(stack, org, 'SH-1'),
    await storedDocument(stack, other, 'SH-1'),
  ];
  expect(mine.key.split('/')[1]).not.toBe(theirs.key.split('/')[1]);
  expect([mine.key.split('/')[0], theirs.key.split('/')[0]]).toEqual([org.id, other.id]);
  const bucket = await stack.bucket();
  for (const { key } of (await bucket.list({ prefix: org.id })).objects) {
    await bucket.delete(key);
  }
  const neighbour = await signIn(stack, other, 'A');
  const text = await textOf(await copyOf('SH-1', neighbour, other));
  expect(text).toContain('Another A');
  expect(text).not.toContain('Anvil');
});
