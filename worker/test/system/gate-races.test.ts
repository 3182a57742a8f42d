/** Decisions that cross each other. */
import { beforeAll, describe, expect, test } from 'vitest';
import { EXPOSABLE_FIELDS } from '../../vocabulary.ts';
import {
  approve,
  csvOf,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  paperOf,
  pdfOf,
  preparedReview,
  publish,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import type { Answer } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

const ROUNDS = [0, 1, 2, 3];

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

/** The status of an answer, with the error's code when it is one. */
const told = ({ status, body }: Answer) => {
  const { error } = (body ?? {}) as { error?: { code: string } };
  return error ? `${status} ${error.code}` : String(status);
};
const reviewOf = async (id: string, as = org.approver) =>
  (await as.get<ReviewSeen>(`publishes/${id}/review`)).body;
const sign = (as: Org['approver'], id: string, reviewHash: string) =>
  as.post<object>(`publishes/${id}/approval`, { reviewHash });
const withdraw = (id: string) =>
  org.owner.post<object>(`publishes/${id}/withdrawal`, { reason: 'Crossed by an approval' });
const statusOf = async (id: string) => {
  const [row] = await stack.sql<{ status: string }>(
    'select status from staff.publishes where id = $1',
    [id],
  );
  return row?.status;
};
const liveFile = async (number: string) => {
  const rows = await stack.sql<{ sha256: string }>(
    'select file_sha256 as sha256 from portal.documents where org_id = $1 and number = $2',
    [org.id, number],
  );
  return rows.map(({ sha256 }) => sha256);
};
/** All at once; each round another is first. */
const atOnce = async (round: number, deeds: (() => Promise<Answer<object>>)[]) => {
  const from = round % deeds.length;
  const order = [...deeds.slice(from), ...deeds.slice(0, from)];
  const answers = await Promise.all(order.map((deed) => deed()));
  return deeds.map((deed) => told(answers[order.indexOf(deed)] as Answer));
};

/** A staged publish whose ticks are given and whose renditions are made. */
async function ready(
  rows: Record<string, string>[],
  files: Record<string, Uint8Array<ArrayBuffer>>,
) {
  const id = await stageRows(org, rows, files);
  const { body } = await org.approver.get<ReviewSeen>(`publishes/${id}/review?show=ticks`);
  const items = body.items.map(({ kind, key, file }) => ({
    kind,
    key,
    sha256: file?.sha256 ?? null,
  }));
  if (items.length > 0) {
    await org.clerk.put(`publishes/${id}/ticks`, { items, ticked: true });
  }
  const { hash } = await preparedReview(org, id);
  return { id, hash };
}

describe('a withdrawal and an approval at once', () => {
  test.each(ROUNDS)(
    'of the same publish: it is live or withdrawn, and never half (%i)',
    async (round) => {
      const tag = `SELF${round}`;
      const { id, hash } = await ready(
        [customerRow(tag, org), ...orderRows(tag, tag)],
        orderFiles(tag),
      );
      const [signed, taken] = await atOnce(round, [
        () => sign(org.approver, id, hash),
        () => withdraw(id),
      ]);
      expect(signed).toBe('200');
      expect(['200', '409 publish_not_approved']).toContain(taken);
      const status = await statusOf(id);
      expect(status).toBe(taken === '200' ? 'withdrawn' : 'approved');
      expect(await liveFile(`INV-${tag}`)).toHaveLength(status === 'approved' ? 1 : 0);
    },
  );

  test.each(ROUNDS)(
    'of an older publish and its revision: what was seen goes live, or nothing (%i)',
    async (round) => {
      const tag = `REV${round}`;
      const first = await publish(
        org,
        [customerRow(tag, org), ...orderRows(tag, tag)],
        orderFiles(tag),
      );
      const { id, hash } = await ready(orderRows(tag, tag), {
        ...orderFiles(tag),
        [`INV-${tag}.pdf`]: pdfOf(`INV-${tag} corrected`),
      });
      const revised = (await reviewOf(id)).items.find(({ key }) => key === `invoice:INV-${tag}`);
      expect(revised?.change).toBe('revision');
      const [signed, taken] = await atOnce(round, [
        () => sign(org.approver, id, hash),
        () => withdraw(first),
      ]);
      expect(taken).toBe('200');
      expect(['200', '409 review_stale']).toContain(signed);
      expect(await liveFile(`INV-${tag}`)).toEqual(signed === '200' ? [revised?.file?.sha256] : []);
      if (signed !== '200') {
        expect((await approve(org, id)).status).toBe(200);
        expect(await liveFile(`INV-${tag}`)).toEqual([revised?.file?.sha256]);
      }
    },
  );
});

describe('an import, an exposure and an approval at once', () => {
  test.each(ROUNDS)('what was not in the signed review is not live (%i)', async (round) => {
    const tag = `MORE${round}`;
    const { id, hash } = await ready(
      [customerRow(tag, org), ...orderRows(tag, tag)],
      orderFiles(tag),
    );
    const late = csvOf([{ customer_code: tag, order_number: `SO-${tag}`, po_number: 'LATE' }]);
    const fields = EXPOSABLE_FIELDS.filter((field) => field !== 'po_number');
    const [signed, imported, exposed] = await atOnce(round, [
      () => sign(org.approver, id, hash),
      () => org.clerk.importCsv(late, id),
      () => org.owner.put<object>('exposures', { customerKey: tag, kinds: ['invoice'], fields }),
    ]);
    expect(['200', '409 review_stale']).toContain(signed);
    expect(['201', '409 publish_not_staged']).toContain(imported);
    expect(exposed).toBe('200');
    if (signed === '200') {
      expect(imported).toBe('409 publish_not_staged');
    }
    const live = await stack.sql<{ po: string | null }>(
      'select po_number as po from portal.orders where org_id = $1 and number = $2',
      [org.id, `SO-${tag}`],
    );
    // The exposure lands before the approval, which is stale then, or narrows what it made live.
    expect(live).toEqual(signed === '200' ? [{ po: null }] : []);
    const papers = await stack.sql<{ kind: string }>(
      `select d.kind from portal.documents d join portal.customers c on c.id = d.customer_id
        where c.org_id = $1 and c.code_key = $2 and d.served <> 'drawn'`,
      [org.id, tag],
    );
    expect(papers.map(({ kind }) => kind)).toEqual(signed === '200' ? ['invoice'] : []);
  });
});

describe('an approver who is demoted while they decide', () => {
  test.each(ROUNDS)('has decided before it, or not at all (%i)', async (round) => {
    const own = await makeOrg(stack);
    const other = 'Other Company Incorporated';
    await publish(own, [customerRow('OTHER', own, other)]);
    const stage = async (code: string) => {
      const id = await stageRows(own, [customerRow(code, own), ...orderRows(code, code)], {
        [`INV-${code}.pdf`]: await paperOf([`Invoice INV-${code}`, `Bill to ${other}`]),
        [`PS-${code}.pdf`]: pdfOf(`PS-${code}`),
      });
      return { id, hash: (await preparedReview(own, id)).hash };
    };
    const [one, two] = [await stage('ONE'), await stage('TWO')];
    const disputed = (await reviewOf(two.id, own.approver)).items.find(({ problems }) =>
      problems.some(({ overridable }) => overridable),
    );
    const { body } = await own.owner.get<{ members: { id: string; name: string }[] }>('members');
    const amir = body.members.find(({ name }) => name === 'Amir Haddad')?.id ?? '';
    const [signed, answered, demoted] = await atOnce(round, [
      () => sign(own.approver, one.id, one.hash),
      () =>
        own.approver.put<object>(`publishes/${two.id}/overrides`, {
          kind: disputed?.kind,
          key: disputed?.key,
          reason: 'Compared with the paper at the counter.',
          seen: {
            sha256: disputed?.file?.sha256 ?? null,
            problems: disputed?.problems
              .filter(({ overridable }) => overridable)
              .map(({ code, value }) => ({ code, value })),
          },
        }),
      () =>
        own.owner.put<object>(`members/${amir}`, {
          name: 'Amir Haddad',
          role: 'clerk',
          language: 'en',
          active: true,
          confirmed: true,
        }),
    ]);
    expect(demoted).toBe('200');
    expect(['200', '403 forbidden']).toContain(signed);
    // An approval of one publish may make what is known of the other another.
    expect(['200', '403 forbidden', '409 review_stale']).toContain(answered);
    expect(await statusOf(one.id)).toBe(signed === '200' ? 'approved' : 'staged');
    const answers = await stack.sql(
      'select 1 from staff.publish_items where publish_id = $1 and overridden_by = $2',
      [two.id, amir],
    );
    expect(answers).toEqual([]);
    const [order] = await stack.sql<{ late: number }>(
      `select count(*)::int as late from audit.events a
        where a.org_id = $1 and a.action = 'publish.approved' and a.subject_id = $2
          and a.at > (select max(m.at) from audit.events m where m.org_id = $1 and m.action = 'member.changed')`,
      [own.id, one.id],
    );
    expect(order?.late).toBe(0);
  });
});
