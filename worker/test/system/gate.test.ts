import { beforeAll, describe, expect, test } from 'vitest';
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
  signIn,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Refusal = { error?: { code: string; fields?: Record<string, string> } };

const hashOf = async (publishId: string, as = org.approver) =>
  (await as.get<ReviewSeen>(`publishes/${publishId}/review`)).body.hash;
const send = async (as: Org['clerk'], path: string, body: unknown, method = 'POST') => {
  const type = 'application/json';
  const answer = await as.send<Refusal>(method, path, JSON.stringify(body), type);
  return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.error?.code}`;
};
const sign = (publishId: string, reviewHash: string, as = org.approver, more = {}) =>
  send(as, `publishes/${publishId}/approval`, { reviewHash, ...more });
const statusOf = async (publishId: string) => {
  const [row] = await stack.sql<{ status: string }>(
    'select status from staff.publishes where id = $1',
    [publishId],
  );
  return row?.status;
};
const events = (publishId: string, action: string) =>
  stack.sql('select from audit.events where subject_id = $1 and action = $2', [publishId, action]);

describe('an approval', () => {
  test('of a review that has changed since it was seen is refused', async () => {
    const publishId = await stageRows(org, [customerRow('A', org), ...orderRows('A', 'G1')]);
    const contacts = await org.approver.get<ReviewSeen>(
      `publishes/${publishId}/review?kind=contact`,
    );
    const key = contacts.body.items[0]?.key;
    const changes: (() => Promise<unknown>)[] = [
      () => org.clerk.importCsv('customer_code,customer_name\nA,Another name\n', publishId),
      () => org.clerk.uploadPdf(publishId, 'INV-G1.pdf', pdfOf('one')),
      () => org.clerk.uploadPdf(publishId, 'INV-G1.pdf', pdfOf('two')),
      () => org.clerk.uploadPdf(publishId, 'inv-g1.PDF', pdfOf('two')),
      () =>
        org.clerk.put(`publishes/${publishId}/ticks`, {
          items: [{ kind: 'contact', key }],
          ticked: true,
        }),
      () => org.owner.put('exposures', { customerKey: 'A', kinds: ['packing_slip'], fields: [] }),
      () => org.clerk.remove(`publishes/${publishId}/files/INV-G1.pdf`),
      () => publish(org, [customerRow('A', org, 'Published by another publish')]),
    ];
    for (const [at, change] of changes.entries()) {
      const seen = await hashOf(publishId);
      await change();
      expect([at, await sign(publishId, seen)]).toEqual([at, '409 review_stale']);
    }
    expect(await statusOf(publishId)).toBe('staged');
    const live = await stack.sql('select from portal.orders where org_id = $1', [org.id]);
    expect(live).toEqual([]);
    expect(await sign(publishId, await hashOf(publishId))).toBe(200);
  });

  test('happens once, however often it is sent', async () => {
    const publishId = await stageRows(org, [customerRow('B', org), ...orderRows('B', 'G2')]);
    const reviewHash = await hashOf(publishId);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() =>
        org.approver.post<{ alreadyApproved: boolean; summary: object }>(
          `publishes/${publishId}/approval`,
          { reviewHash },
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.filter(({ body }) => !body.alreadyApproved)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.summary))).size).toBe(1);
    const later = await org.owner.post(`publishes/${publishId}/approval`, { reviewHash });
    expect(later).toMatchObject({ status: 200, body: { alreadyApproved: true } });
    expect(await events(publishId, 'publish.approved')).toHaveLength(1);
    expect(await sign(publishId, '0'.repeat(64))).toBe('409 publish_not_staged');
  });

  test('of nothing that passes is refused', async () => {
    const publishId = await stageRows(org, [{ customer_code: 'NEW', order_number: 'SO-G3' }]);
    const { body } = await org.approver.get<ReviewSeen>(`publishes/${publishId}/review`);
    expect(body.approval).toMatchObject({ allowed: false, reason: 'nothing_passes' });
    expect(await sign(publishId, body.hash)).toBe('409 nothing_to_approve');
    const empty = await org.clerk.post<{ id: string }>('publishes', { name: 'Empty' });
    expect(await sign(empty.body.id, await hashOf(empty.body.id))).toBe('409 nothing_to_approve');
  });

  test('of an org that is not theirs is not found', async () => {
    const other = await makeOrg(stack, 'Borealis');
    const publishId = await stageRows(org, [customerRow('C', org)]);
    const reviewHash = await hashOf(publishId);
    expect(await sign(publishId, reviewHash, other.approver)).toBe('404 not_found');
    expect((await other.approver.get(`publishes/${publishId}/review`)).status).toBe(404);
    for (const decision of ['rejection', 'withdrawal']) {
      const path = `publishes/${publishId}/${decision}`;
      expect(await send(other.owner, path, { reason: 'not mine' })).toBe('404 not_found');
    }
    expect(await statusOf(publishId)).toBe('staged');
  });
});

describe("an approver's own import", () => {
  const importAs = async (own: Org, as: Org['clerk'], code: string) => {
    const { status, body } = await as.importCsv(
      `customer_code,customer_name\n${code},Customer ${code}\n`,
    );
    expect(status).toBe(201);
    return { publishId: body.publishId, hash: await hashOf(body.publishId, own.approver) };
  };

  test('waits for another approver, also when only a part of it is theirs', async () => {
    const own = await makeOrg(stack);
    const whole = await importAs(own, own.approver, 'A');
    const clerks = await importAs(own, own.clerk, 'B');
    await own.approver.importCsv('customer_code,customer_name\nC,Carl\n', clerks.publishId);
    const part = { ...clerks, hash: await hashOf(clerks.publishId, own.approver) };
    const filed = await importAs(own, own.clerk, 'D');
    await own.approver.uploadPdf(filed.publishId, 'theirs.pdf', pdfOf('theirs'));
    const file = { ...filed, hash: await hashOf(filed.publishId, own.approver) };
    for (const { publishId, hash } of [whole, part, file]) {
      const { body } = await own.approver.get<ReviewSeen>(`publishes/${publishId}/review`);
      expect(body.approval).toEqual({ allowed: false, reason: 'own_import', ownImport: false });
      expect(await sign(publishId, hash, own.approver)).toBe('409 own_import');
      expect(await sign(publishId, hash, own.approver, { confirmOwnImport: true })).toBe(
        '409 own_import',
      );
      expect(await sign(publishId, hash, own.owner)).toBe(200);
    }
  });

  test('is confirmed in words by the only one there is, and the audit says so', async () => {
    const own = await makeOrg(stack);
    const { publishId, hash } = await importAs(own, own.approver, 'A');
    await stack.sql(
      "update staff.members set active = false where org_id = $1 and role = 'owner'",
      [own.id],
    );
    const { body } = await own.approver.get<ReviewSeen>(`publishes/${publishId}/review`);
    expect(body.approval).toEqual({ allowed: true, reason: null, ownImport: true });
    expect(await sign(publishId, hash, own.approver)).toBe('409 own_import');
    expect(await sign(publishId, hash, own.approver, { confirmOwnImport: true })).toBe(200);
    const [event] = await stack.sql<{ own: string }>(
      "select detail->>'own_import' as own from audit.events where subject_id = $1 and action = 'publish.approved'",
      [publishId],
    );
    expect(event?.own).toBe('true');
  });

  test('needs nobody else once the org has said so', async () => {
    const own = await makeOrg(stack);
    const settings = await own.owner.get<Record<string, unknown>>('settings');
    await own.owner.put('settings', { ...settings.body, requiresTwoPersons: false });
    const { publishId, hash } = await importAs(own, own.approver, 'A');
    expect(await sign(publishId, hash, own.approver)).toBe(200);
  });
});

describe('a publish that is decided', () => {
  const edits = (
    publishId: string,
    key: string,
  ): [string, () => Promise<{ status: number; body: unknown }>][] => [
    ['import', () => org.clerk.importCsv('customer_code,customer_name\nZ,Zoe\n', publishId)],
    ['upload', () => org.clerk.uploadPdf(publishId, 'new.pdf', pdfOf('new'))],
    ['replace', () => org.clerk.uploadPdf(publishId, 'INV-D.pdf', pdfOf('other'))],
    ['remove', () => org.clerk.remove(`publishes/${publishId}/files/INV-D.pdf`)],
    [
      'tick',
      () =>
        org.clerk.put(`publishes/${publishId}/ticks`, {
          items: [{ kind: 'contact', key }],
          ticked: false,
        }),
    ],
    ['reject', () => org.approver.post(`publishes/${publishId}/rejection`, { reason: 'too late' })],
  ];
  const frozen = (publishId: string) =>
    stack.sql(
      `select (select md5(string_agg(i::text, '|' order by i.kind, i.key)) from staff.publish_items i where publish_id = $1) as items,
              (select md5(string_agg(f::text, '|' order by f.name)) from staff.staged_files f where publish_id = $1) as files,
              (select count(*) from staff.imports where publish_id = $1) as imports`,
      [publishId],
    );

  test.each(['approved', 'rejected', 'withdrawn'] as const)('%s: is not edited', async (status) => {
    const code = status.toUpperCase();
    const publishId = await stageRows(org, [customerRow(code, org), ...orderRows(code, status)], {
      ...orderFiles(status),
      'INV-D.pdf': pdfOf('d'),
    });
    const contacts = await org.approver.get<ReviewSeen>(
      `publishes/${publishId}/review?kind=contact`,
    );
    const key = contacts.body.items[0]?.key ?? '';
    const hash = await hashOf(publishId);
    if (status === 'rejected') {
      const path = `publishes/${publishId}/rejection`;
      expect(await send(org.approver, path, { reason: 'Wrong prices' })).toBe(200);
      expect(await sign(publishId, hash)).toBe('409 publish_not_staged');
    } else {
      expect((await approve(org, publishId)).status).toBe(200);
    }
    if (status === 'withdrawn') {
      expect(
        await send(org.approver, `publishes/${publishId}/withdrawal`, { reason: 'Taken back' }),
      ).toBe(200);
      expect(await sign(publishId, hash)).toBe('409 publish_not_staged');
    }
    const before = await frozen(publishId);
    for (const [what, edit] of edits(publishId, key)) {
      const { status: answered, body } = await edit();
      expect([what, answered, (body as Refusal).error?.code]).toEqual([
        what,
        409,
        'publish_not_staged',
      ]);
    }
    expect(await frozen(publishId)).toEqual(before);
    expect(await statusOf(publishId)).toBe(status);
  });

  test('is withdrawn once, takes its rows with it, and only if it was approved', async () => {
    await publish(org, [customerRow('W', org)]);
    const publishId = await publish(org, orderRows('W', 'GW'));
    const customer = await signIn(stack, org, 'W');
    expect((await customer.me('orders')).body).toMatchObject({ orders: [{ number: 'SO-GW' }] });
    for (let time = 1; time <= 2; time += 1) {
      expect(
        await send(org.approver, `publishes/${publishId}/withdrawal`, { reason: 'Taken back' }),
      ).toBe(200);
    }
    expect(await events(publishId, 'publish.withdrawn')).toHaveLength(1);
    expect((await customer.me('orders')).body).toMatchObject({ orders: [] });
    const staged = await stageRows(org, [customerRow('V', org)]);
    expect(
      await send(org.approver, `publishes/${staged}/withdrawal`, { reason: 'Taken back' }),
    ).toBe('409 publish_not_approved');
  });
});
