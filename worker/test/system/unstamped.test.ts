/** Documents that carry no stamp: what the supplier wants served as it is, and what must not be altered. */
import { PDFDocument, PDFName, PDFString } from '@cantoo/pdf-lib';
import { beforeAll, expect, test } from 'vitest';
import {
  approve,
  makeBuyer,
  type Org,
  pdfOf,
  preparedReview,
  publish,
  type ReviewSeen,
  setSettings,
  stageRows,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { storedDocument, takingsOf, textOf } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  ({ org, customer } = await makeBuyer(stack, 'Anvil & Sons'));
});

type Bytes = Uint8Array<ArrayBuffer>;

const slip = (number: string, kind = 'packing_slip') => ({
  customer_code: 'A',
  order_number: 'SO-1',
  document_kind: kind,
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
const copyOf = async (number: string) => {
  const { id } = await storedDocument(stack, org, number);
  const answer = await customer.bytes(`documents/${id}`);
  expect([number, answer.status]).toEqual([number, 200]);
  return new Uint8Array(await answer.arrayBuffer());
};
const unstamped = async (number: string) => {
  const { id } = await storedDocument(stack, org, number);
  return (await takingsOf(stack, id)).at(-1)?.detail.unstamped ?? null;
};

test('is what the supplier wants served as it is: a kind, or everything', async () => {
  await setSettings(org, { unstampedKinds: ['packing_slip'] });
  const both = (tag: string) =>
    publish(org, [slip(`PS-${tag}`), slip(`POD-${tag}`, 'proof_of_delivery')], {
      [`PS-${tag}.pdf`]: pdfOf(`PS-${tag}`),
      [`POD-${tag}.pdf`]: pdfOf(`POD-${tag}`),
    });
  await both('KIND');
  expect(await copyOf('PS-KIND')).toEqual(pdfOf('PS-KIND'));
  expect(await unstamped('PS-KIND')).toBe('plain');
  expect(await textOf(await copyOf('POD-KIND'))).toContain('Anvil & Sons');
  expect(await unstamped('POD-KIND')).toBeNull();
  await setSettings(org, { unstampedKinds: [], stamping: false });
  await both('NONE');
  for (const number of ['PS-NONE', 'POD-NONE']) {
    expect(await copyOf(number)).toEqual(pdfOf(number));
    expect([number, await unstamped(number)]).toEqual([number, 'plain']);
  }
  // Wanted again, it is there with the next approval of the same bytes.
  await setSettings(org, { stamping: true });
  await both('NONE');
  expect(await textOf(await copyOf('PS-NONE'))).toContain('Anvil & Sons');
});

test('a change of the setting is another review than the one that was seen', async () => {
  const publishId = await stageRows(org, [slip('SET-1')], { 'SET-1.pdf': pdfOf('SET-1') });
  const { hash } = await preparedReview(org, publishId);
  await setSettings(org, { stamping: false });
  expect(await sign(publishId, hash)).toBe('review_stale');
  const seen = await review(publishId);
  expect(seen.items).toMatchObject([{ file: { served: 'plain', ready: true } }]);
  await setSettings(org, { stamping: true });
  expect(await sign(publishId, seen.hash)).toBe('review_stale');
});

async function drawn(text: string) {
  const doc = await PDFDocument.create({ updateMetadata: false });
  doc.addPage([400, 500]).drawText(text, { x: 40, y: 400, size: 12 });
  return doc;
}
async function signed(text: string): Promise<Bytes> {
  const doc = await drawn(text);
  const { context, catalog } = doc;
  const value = context.register(
    context.obj({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      ByteRange: [0, 10, 20, 30],
      Contents: PDFString.of('x'),
    }),
  );
  const field = context.register(
    context.obj({
      FT: 'Sig',
      T: PDFString.of('Signature1'),
      V: value,
      Type: 'Annot',
      Subtype: 'Widget',
      Rect: [0, 0, 0, 0],
    }),
  );
  catalog.set(PDFName.of('AcroForm'), context.obj({ SigFlags: 3, Fields: [field] }));
  return Uint8Array.from(await doc.save({ useObjectStreams: false }));
}
async function facturX(text: string): Promise<Bytes> {
  const doc = await drawn(text);
  const xml = new TextEncoder().encode('<rsm:CrossIndustryInvoice/>');
  await doc.attach(xml, 'factur-x.xml', { mimeType: 'text/xml' });
  return Uint8Array.from(await doc.save());
}

test.each([
  ['signed', 'SIG-1', signed],
  ['e_invoice', 'FX-1', facturX],
])(
  'a file that is %s is not altered by one byte, and the trail says so',
  async (served, number, make) => {
    const bytes = await make(number);
    const publishId = await stageRows(org, [slip(number)], { [`${number}.pdf`]: bytes });
    const seen = await review(publishId);
    expect(seen).toMatchObject({
      preparing: 0,
      items: [{ blocked: false, file: { served, ready: true } }],
    });
    expect((await approve(org, publishId)).status).toBe(200);
    const copy = await copyOf(number);
    expect(Buffer.from(copy).equals(Buffer.from(bytes))).toBe(true);
    expect(await unstamped(number)).toBe(served);
    const { id, key } = await storedDocument(stack, org, number);
    const [taking] = (await takingsOf(stack, id)).slice(-1);
    expect(key.endsWith(`/${taking?.detail.sha256}`)).toBe(true);
    const part = await customer.bytes(`documents/${id}`, 'GET', { Range: 'bytes=10-59' });
    expect(Buffer.from(await part.arrayBuffer()).equals(Buffer.from(bytes.subarray(10, 60)))).toBe(
      true,
    );
  },
);
