/** Files of a publish: what is there, what is known already and need not be sent, what fits which row. */
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../sha256.ts';
import {
  approve,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  type ReviewSeen,
  setSettings,
  stageRows,
} from '../cast.ts';
import type { Staff } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let other: Org;
beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
});

type Named = {
  file: { id: string; name: string; sha256: string; size: number; pages: number; served: string };
  unchanged: boolean;
  findings: { code: string }[];
  error?: { code: string; fields?: Record<string, string> };
};
type Matching = {
  matched: number;
  unmatched: string[];
  missing: { key: string; fileName: string | null }[];
  counts: { matched: number; unmatched: number; missing: number };
};

/** Names bytes by their hash; nothing is sent. */
const nameBytes = (as: Staff, publishId: string, name: string, hash: string) =>
  as.send<Named>(
    'PUT',
    `publishes/${publishId}/files/${encodeURIComponent(name)}?sha256=${hash}`,
    undefined,
    'application/pdf',
  );
const listed = async (publishId: string, as = org.clerk) =>
  (
    await as.get<{ files: { name: string; size: number; sha256: string }[] }>(
      `publishes/${publishId}/files`,
    )
  ).body.files;
const matching = async (publishId: string, as = org.clerk) =>
  (await as.get<Matching>(`publishes/${publishId}/matching`)).body;
const hashOf = (text: string) => sha256(pdfOf(text));

describe('known bytes', () => {
  test('are named without being sent, and are then as good as uploaded', async () => {
    const first = await stageRows(org, [customerRow('ANNA', org)]);
    const sent = await org.clerk.uploadPdf(first, 'INV-K1.pdf', pdfOf('INV-K1'));
    const second = await stageRows(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'K1')]);
    const named = await nameBytes(org.service, second, 'INV-K1.pdf', await hashOf('INV-K1'));
    expect(named).toMatchObject({
      status: 201,
      body: {
        file: { name: 'INV-K1.pdf', size: pdfOf('INV-K1').byteLength, pages: 1 },
        unchanged: false,
        findings: [],
      },
    });
    expect({ ...named.body.file, id: '' }).toEqual({ ...sent.body.file, id: '' });
    const [event] = await stack.sql(
      `select actor_kind, detail from audit.events
        where action = 'file.uploaded' and subject_id = $1`,
      [second],
    );
    expect(event).toEqual({
      actor_kind: 'service',
      detail: { name: 'INV-K1.pdf', sha256: named.body.file.sha256 },
    });
    await nameBytes(org.clerk, second, 'PS-K1.pdf', await hashOf('INV-K1'));
    await org.clerk.uploadPdf(second, 'PS-K1.pdf', pdfOf('PS-K1'));
    expect(await approve(org, second)).toMatchObject({
      status: 200,
      body: { summary: { documents: 2 } },
    });
  });

  test('named again under the same name are unchanged; other bytes take the name', async () => {
    const id = await stageRows(org, [customerRow('BO', org)]);
    await org.clerk.uploadPdf(id, 'a.pdf', pdfOf('a'));
    const again = await nameBytes(org.clerk, id, 'A.PDF', await hashOf('a'));
    expect(again).toMatchObject({ status: 201, body: { unchanged: true } });
    await org.clerk.uploadPdf(id, 'b.pdf', pdfOf('b'));
    const replaced = await nameBytes(org.clerk, id, 'a.pdf', await hashOf('b'));
    expect(replaced).toMatchObject({ status: 201, body: { unchanged: false } });
    expect(await listed(id)).toEqual([
      { name: 'a.pdf', size: pdfOf('b').byteLength, sha256: await hashOf('b') },
      { name: 'b.pdf', size: pdfOf('b').byteLength, sha256: await hashOf('b') },
    ]);
  });

  test('that take a ticked document’s name take its tick back', async () => {
    const rows = [customerRow('CARL', org), ...orderRows('CARL', 'K3')];
    await publish(org, rows, orderFiles('K3'));
    const id = await stageRows(org, orderRows('CARL', 'K3'), { 'INV-K3.pdf': pdfOf('INV-K3 new') });
    const sha256 = await hashOf('INV-K3 new');
    const ticks = { items: [{ kind: 'document', key: 'invoice:INV-K3', sha256 }], ticked: true };
    await org.clerk.put(`publishes/${id}/ticks`, ticks);
    const ticked = async () =>
      (
        await stack.sql<{ ticked: boolean }>(
          "select ticked from staff.publish_items where publish_id = $1 and key = 'invoice:INV-K3'",
          [id],
        )
      )[0]?.ticked;
    expect(await ticked()).toBe(true);
    await nameBytes(org.clerk, id, 'inv-k3.pdf', await hashOf('INV-K3 new'));
    expect(await ticked()).toBe(true);
    await nameBytes(org.clerk, id, 'INV-K3.pdf', await hashOf('PS-K3'));
    expect(await ticked()).toBe(false);
  });

  test('are known to their own org only', async () => {
    const theirs = await stageRows(other, [customerRow('THEO', other)]);
    await other.clerk.uploadPdf(theirs, 'secret.pdf', pdfOf('secret of Borealis'));
    const own = await stageRows(org, [customerRow('ANNA', org)]);
    const known = await nameBytes(org.owner, own, 'x.pdf', await hashOf('secret of Borealis'));
    const unknown = await nameBytes(org.owner, own, 'x.pdf', '0'.repeat(64));
    for (const refused of [known, unknown]) {
      expect(refused).toMatchObject({ status: 404, body: { error: { code: 'file_unknown' } } });
    }
    expect(await listed(own)).toEqual([]);
    // Nor is a publish of another's to be named in, with their bytes or with one's own.
    await org.clerk.uploadPdf(own, 'own.pdf', pdfOf('own'));
    for (const hash of [await hashOf('secret of Borealis'), await hashOf('own')]) {
      const refused = await nameBytes(org.owner, theirs, 'secret.pdf', hash);
      expect(refused).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
    expect(await listed(theirs, other.clerk)).toMatchObject([
      { name: 'secret.pdf', sha256: await hashOf('secret of Borealis') },
    ]);
  });

  test('that were collected, or are larger than the org takes now, have to be sent', async () => {
    const id = await stageRows(other, [customerRow('TINA', other)]);
    await other.clerk.uploadPdf(id, 'old.pdf', pdfOf('old'));
    await stack.sql(
      'update staff.files set collected_at = now() where org_id = $1 and sha256 = $2',
      [other.id, await hashOf('old')],
    );
    const collected = await nameBytes(other.clerk, id, 'again.pdf', await hashOf('old'));
    expect(collected).toMatchObject({ status: 404, body: { error: { code: 'file_unknown' } } });
    expect((await other.clerk.uploadPdf(id, 'again.pdf', pdfOf('old'))).status).toBe(201);
    expect((await nameBytes(other.clerk, id, 'more.pdf', await hashOf('old'))).status).toBe(201);

    const large = new Uint8Array(1_500_000).fill(0x20);
    large.set(pdfOf('large'));
    await other.clerk.uploadPdf(id, 'large.pdf', large);
    await setSettings(other, { fileMaxMegabytes: 1 });
    const refused = await nameBytes(other.clerk, id, 'large.pdf', await sha256(large));
    expect(refused).toMatchObject({ status: 404, body: { error: { code: 'file_unknown' } } });
  });

  test('are not named in a publish that is decided', async () => {
    const id = await stageRows(org, [customerRow('DORA', org)]);
    await org.clerk.uploadPdf(id, 'd.pdf', pdfOf('d'));
    await org.approver.post(`publishes/${id}/rejection`, { reason: 'Not this one' });
    const refused = await nameBytes(org.clerk, id, 'e.pdf', await hashOf('d'));
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'publish_not_staged' } } });
    expect(await listed(id)).toMatchObject([{ name: 'd.pdf' }]);
  });
});

test('a hash that is sent with a body is held to it', async () => {
  const id = await stageRows(org, [customerRow('ANNA', org)]);
  const send = async (hash: string) =>
    org.clerk.send<Named>(
      'PUT',
      `publishes/${id}/files/held.pdf?sha256=${hash}`,
      pdfOf('held'),
      'application/pdf',
    );
  expect(await send('0'.repeat(64))).toMatchObject({
    status: 422,
    body: { error: { code: 'invalid', fields: { sha256: expect.any(String) } } },
  });
  expect(await listed(id)).toEqual([]);
  expect((await send(await hashOf('held'))).status).toBe(201);
  for (const malformed of ['', 'abc', `${'A'.repeat(64)}`, `'; drop`]) {
    expect(await send(encodeURIComponent(malformed))).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid', fields: { sha256: expect.any(String) } } },
    });
  }
});

describe('files and rows', () => {
  test('are told apart into what fits, what nobody wants and what is missing', async () => {
    const rows = [customerRow('EVA', org), ...orderRows('EVA', 'M1'), ...orderRows('EVA', 'M2')];
    const id = await stageRows(org, rows, {
      'inv-m1.PDF': pdfOf('INV-M1'),
      'PS-M2.pdf': pdfOf('PS-M2'),
      'holiday.pdf': pdfOf('holiday'),
    });
    const expected = {
      matched: 2,
      unmatched: ['holiday.pdf'],
      missing: [
        { key: 'packing_slip:PS-M1', fileName: 'PS-M1.pdf' },
        { key: 'invoice:INV-M2', fileName: 'INV-M2.pdf' },
      ],
      counts: { matched: 2, unmatched: 1, missing: 2 },
    };
    expect(await matching(id)).toEqual(expected);
    expect(await matching(id, org.service)).toEqual(expected);
    const { body } = await org.approver.get<{
      items: { key: string; problems: { code: string }[] }[];
      unmatchedFiles: { name: string }[];
    }>(`publishes/${id}/review?kind=document`);
    const withoutFile = body.items.filter(({ problems }) =>
      problems.some(({ code }) => code === 'file_missing'),
    );
    expect(withoutFile.map(({ key }) => key).sort()).toEqual(
      expected.missing.map(({ key }) => key).sort(),
    );
    expect(body.unmatchedFiles.map(({ name }) => name)).toEqual(expected.unmatched);
  });

  test('of many that nobody wants, the first hundred are named and all are counted', async () => {
    const id = await stageRows(org, [customerRow('EVA', org)], { 'stray.pdf': pdfOf('stray') });
    const names = Array.from({ length: 102 }, (_, at) => `a${1000 + at}.pdf`);
    await Promise.all(
      names.map(async (name) => nameBytes(org.clerk, id, name, await hashOf('stray'))),
    );
    const { body } = await org.approver.get<ReviewSeen>(`publishes/${id}/review`);
    expect(body.unmatchedFiles).toHaveLength(100);
    expect(body.unmatchedFiles.at(-1)?.name).toBe('a1099.pdf');
    expect(body.unmatchedCount).toBe(103);
  });

  test('fit by the number in the name where the row names no file', async () => {
    const [order, invoice] = orderRows('EVA', 'M3');
    const { file_name: _, ...unnamed } = invoice ?? {};
    const id = await stageRows(org, [customerRow('EVA', org), order ?? {}, unnamed]);
    expect(await matching(id)).toMatchObject({
      matched: 0,
      missing: [{ key: 'invoice:INV-M3', fileName: null }],
    });
    await org.clerk.uploadPdf(id, 'Invoice INV M3 (copy).pdf', pdfOf('INV-M3'));
    expect((await matching(id)).counts).toEqual({ matched: 1, unmatched: 0, missing: 0 });
  });

  test('that an earlier publish brought are not missing', async () => {
    const rows = [customerRow('FAY', org), ...orderRows('FAY', 'M4')];
    await publish(org, rows, orderFiles('M4'));
    const again = await stageRows(org, rows);
    expect((await matching(again)).counts).toEqual({ matched: 0, unmatched: 0, missing: 0 });
    const renamed = rows.map((row) => ({
      ...row,
      ...('file_name' in row ? { file_name: `new ${row.file_name}` } : {}),
    }));
    expect((await matching(await stageRows(org, renamed))).counts.missing).toBe(2);
  });

  test('are named a hundred at most, and counted all', async () => {
    const slips = Array.from({ length: 103 }, (_, at) => ({
      customer_code: 'GUS',
      document_kind: 'statement',
      document_number: `ST-${String(at).padStart(3, '0')}`,
    }));
    const id = await stageRows(org, [customerRow('GUS', org), ...slips]);
    const { missing, counts } = await matching(id);
    expect([missing.length, missing[0], counts.missing]).toEqual([
      100,
      { key: 'statement:ST-000', fileName: null },
      103,
    ]);
  });

  test('of a publish that is empty, or nobody’s', async () => {
    const { body } = await org.clerk.post<{ id: string }>('publishes', { name: 'Empty' });
    expect(await listed(body.id)).toEqual([]);
    expect((await matching(body.id)).counts).toEqual({ matched: 0, unmatched: 0, missing: 0 });
    for (const what of ['files', 'matching']) {
      const nobodys = `publishes/${crypto.randomUUID()}/${what}`;
      expect((await org.clerk.get(nobodys)).status).toBe(404);
      expect((await org.clerk.get(`publishes/malformed/${what}`)).status).toBe(404);
    }
  });
});
