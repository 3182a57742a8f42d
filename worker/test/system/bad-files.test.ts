import { beforeAll, describe, expect, test } from 'vitest';
import { PDF_MAX_BYTES } from '../../vocabulary.ts';
import {
  csvOf,
  customerRow,
  makeOrg,
  type Org,
  orderRows,
  pdfOf,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import { CONSOLE, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let publishId: string;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  publishId = await stageRows(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'B1')]);
});

type Refusal = { error: { code: string; fields?: Record<string, string> } };
const names = async () =>
  (
    await stack.sql<{ name: string }>(
      'select name from staff.staged_files where publish_id = $1 order by name',
      [publishId],
    )
  ).map(({ name }) => name);
const upload = async (name: string, body: BodyInit, type = 'application/pdf') => {
  const answer = await org.clerk.send<Refusal>(
    'PUT',
    `publishes/${publishId}/files/${name}`,
    body,
    type,
  );
  return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.error.code}`;
};
/** A PDF that is padded to so many bytes. */
const pdfOfSize = (size: number) => {
  const bytes = new Uint8Array(size).fill(0x20);
  bytes.set(new TextEncoder().encode('%PDF-1.4\n'));
  return bytes;
};

describe('a file', () => {
  test('that is no PDF is refused, whatever it is called', async () => {
    for (const body of ['', 'PDF', '<html>%PDF-1.4</html>', 'PK\u0003\u0004', '%PDF', '%pdf-1.4']) {
      expect([body, await upload('INV-B1.pdf', body)]).toEqual([body, '422 not_a_pdf']);
    }
    for (const type of ['text/html', 'application/octet-stream', 'image/png', '']) {
      expect(await upload('INV-B1.pdf', pdfOf('x'), type)).toBe('415 unsupported_type');
    }
    expect(await names()).toEqual([]);
  });

  test('of 25 MB is taken, and one byte more is not, with its length told or not', async () => {
    expect(await upload('large.pdf', pdfOfSize(PDF_MAX_BYTES))).toBe(201);
    const before = (await (await stack.bucket()).list({ prefix: `${org.id}/` })).objects.length;
    expect(await upload('larger.pdf', pdfOfSize(PDF_MAX_BYTES + 1))).toBe('413 too_large');
    const untold = await stack.fetch(
      `${CONSOLE}/api/admin/${org.slug}/publishes/${publishId}/files/larger.pdf`,
      {
        method: 'PUT',
        headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token, 'Content-Type': 'application/pdf' },
        body: new Blob([pdfOfSize(PDF_MAX_BYTES + 1)]).stream(),
        duplex: 'half',
      } as RequestInit,
    );
    expect(untold.status).toBe(413);
    expect(await names()).toEqual(['large.pdf']);
    const after = (await (await stack.bucket()).list({ prefix: `${org.id}/` })).objects.length;
    expect(after).toBe(before);
    expect((await org.clerk.remove(`publishes/${publishId}/files/large.pdf`)).status).toBe(204);
  });

  test('sent twice is unchanged, whatever the case of its name; other bytes replace it', async () => {
    const first = await org.clerk.uploadPdf(publishId, 'INV-B1.pdf', pdfOf('one'));
    expect(first).toMatchObject({ status: 201, body: { unchanged: false } });
    const again = await org.clerk.uploadPdf(publishId, 'inv-b1.PDF', pdfOf('one'));
    expect(again).toMatchObject({ status: 201, body: { unchanged: true } });
    expect(again.body.file.sha256).toBe(first.body.file.sha256);
    const other = await org.clerk.uploadPdf(publishId, 'INV-B1.pdf', pdfOf('two'));
    expect(other).toMatchObject({ status: 201, body: { unchanged: false } });
    expect(await names()).toEqual(['INV-B1.pdf']);
    const read = await stack.fetch(
      `${CONSOLE}/api/admin/${org.slug}/publishes/${publishId}/files/INV-B1.pdf`,
      { headers: { 'Cf-Access-Jwt-Assertion': org.approver.token } },
    );
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(pdfOf('two'));
    expect(read.headers.get('Content-Disposition')).toMatch(/^inline; filename="INV-B1.pdf"/);
    expect(read.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(read.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  test('that no row wants is named in the review, and one that a row wants is not', async () => {
    await org.clerk.uploadPdf(publishId, 'INV-B1.pdf', pdfOf('two'));
    await org.clerk.uploadPdf(publishId, 'holiday photo.pdf', pdfOf('photo'));
    const { body } = await org.approver.get<ReviewSeen>(
      `publishes/${publishId}/review?kind=document`,
    );
    expect(body.unmatchedFiles).toEqual([
      { name: 'holiday photo.pdf', size: pdfOf('photo').byteLength },
    ]);
    expect(body.unmatchedCount).toBe(1);
    expect(body.items).toMatchObject([
      { key: 'invoice:INV-B1', file: { name: 'INV-B1.pdf' }, blocked: false },
      { key: 'packing_slip:PS-B1', file: null, problems: [{ code: 'file_missing' }] },
    ]);
  });

  test.each([
    ['..%2Fsecret.pdf', 'a name without folders'],
    ['a%5Cb.pdf', 'a name without folders'],
    ['%2Fetc%2Fpasswd.pdf', 'a name without folders'],
    ['a%0Ab.pdf', 'a name without control characters'],
    ['a%C2%85b.pdf', 'a name without control characters'],
    ['gpj%E2%80%AEfdp.pdf', 'a name without control characters'],
    ['report.exe', 'a name that ends in .pdf'],
    ['report', 'a name that ends in .pdf'],
    ['.pdf', 'a name that ends in .pdf'],
    ['report.pdf.html', 'a name that ends in .pdf'],
    [`${'x'.repeat(197)}.pdf`, 'at most 200 characters'],
    [`${'x'.repeat(300)}.pdf`, 'at most 200 characters'],
  ])('called %s is refused, and the refusal says why', async (name, reason) => {
    const before = await names();
    const path = `publishes/${publishId}/files/${name}`;
    for (const query of ['', `?sha256=${'0'.repeat(64)}`]) {
      const { status, body } = await org.clerk.send<Refusal>(
        'PUT',
        path + query,
        query === '' ? pdfOf('x') : undefined,
        'application/pdf',
      );
      expect([status, body.error]).toMatchObject([
        422,
        { code: 'invalid', fields: { name: reason } },
      ]);
    }
    expect((await org.clerk.get(path)).status).toBe(404);
    expect((await org.clerk.remove(path)).status).toBe(404);
    expect(await names()).toEqual(before);
  });

  test.each(['a%00.pdf', `${'x'.repeat(1_500)}.pdf`])('called %s has no place', async (name) => {
    expect(await upload(name, pdfOf('x'))).toBe('404 not_found');
  });

  test.each([
    'CON.pdf',
    'nul.pdf',
    '...pdf',
    ' .pdf',
    '%2e%2e.pdf',
    '🧾👨‍👩‍👧.pdf',
    '%.pdf',
    "';--.pdf",
  ])('called %s is a file like any other', async (name) => {
    const path = encodeURIComponent(name);
    expect((await org.clerk.uploadPdf(publishId, name, pdfOf(path))).status).toBe(201);
    const read = await stack.fetch(
      `${CONSOLE}/api/admin/${org.slug}/publishes/${publishId}/files/${path}`,
      { headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token } },
    );
    expect(new Uint8Array(await read.arrayBuffer())).toEqual(pdfOf(path));
    expect((await org.clerk.remove(`publishes/${publishId}/files/${path}`)).status).toBe(204);
  });

  test('has one name, however its letters are put together', async () => {
    const [whole, apart] = [
      'Factura añadida.pdf'.normalize('NFC'),
      'Factura añadida.pdf'.normalize('NFD'),
    ];
    await org.clerk.uploadPdf(publishId, apart, pdfOf('n'));
    expect(await names()).toContain(whole);
    const again = await org.clerk.uploadPdf(publishId, whole, pdfOf('n'));
    expect(again).toMatchObject({ status: 201, body: { unchanged: true } });
    const path = `publishes/${publishId}/files/${encodeURIComponent(apart)}`;
    expect((await org.clerk.remove(path)).status).toBe(204);
  });

  test('whose name has more than one space together is the one that its row names', async () => {
    const name = 'Invoice  no\u00a0 7.pdf';
    const row = {
      customer_code: 'ANNA',
      document_kind: 'invoice',
      document_number: 'SPACED',
      file_name: name,
    };
    await org.clerk.importCsv(csvOf([row]), publishId);
    await org.clerk.uploadPdf(publishId, name, pdfOf('SPACED'));
    expect(await names()).toContain(name);
    const { body } = await org.approver.get<{ items: { key: string; file: object | null }[] }>(
      `publishes/${publishId}/review?kind=document`,
    );
    const spaced = body.items.find(({ key }) => key === 'invoice:SPACED');
    expect(spaced?.file).toMatchObject({ name });
    const path = `publishes/${publishId}/files/${encodeURIComponent(name)}`;
    expect((await org.clerk.get(path)).status).toBe(200);
    expect((await org.clerk.remove(path)).status).toBe(204);
  });

  test('keeps a name in any script, and is served under it safely', async () => {
    const name = 'Faktura „Łódź” №7; x=".pdf';
    expect((await org.clerk.uploadPdf(publishId, name, pdfOf('x'))).status).toBe(201);
    const response = await stack.fetch(
      `${CONSOLE}/api/admin/${org.slug}/publishes/${publishId}/files/${encodeURIComponent(name)}`,
      { headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token } },
    );
    expect(response.status).toBe(200);
    const disposition = response.headers.get('Content-Disposition') ?? '';
    expect(disposition).toMatch(/^inline; filename="[^"\\/]+\.pdf"; filename\*=UTF-8''[\w.%-]+$/);
    const encoded = disposition.split("UTF-8''")[1] ?? '';
    expect(decodeURIComponent(encoded)).toBe(name);
  });

  test('belongs to a publish of its own org', async () => {
    const other = await makeOrg(stack, 'Borealis');
    const path = `publishes/${publishId}/files/INV-B1.pdf`;
    const put = await other.owner.send('PUT', path, pdfOf('x'), 'application/pdf');
    expect(put.status).toBe(404);
    expect((await other.owner.get(path)).status).toBe(404);
    expect((await other.owner.remove(path)).status).toBe(404);
    expect(await names()).toContain('INV-B1.pdf');
    expect((await org.clerk.get(`publishes/${crypto.randomUUID()}/files/a.pdf`)).status).toBe(404);
    expect((await org.clerk.remove(`publishes/${publishId}/files/nothing.pdf`)).status).toBe(404);
  });
});
