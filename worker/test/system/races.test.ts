/** What must hold when people are quick. */
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashSecret, mintToken } from '../../access/tokens.ts';
import { EXPOSABLE_FIELDS } from '../../vocabulary.ts';
import {
  approve,
  contactOf,
  csvOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  preparedReview,
  publish,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import { type Answer, customerClient, openLink, postLanding } from '../clients.ts';
import { ownerUrl, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const tally = (values: (string | number)[]) => Object.fromEntries(countsOf(values));
function countsOf(values: (string | number)[]) {
  const counts = new Map<string, number>();
  for (const value of values) {
    counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  return counts;
}
/** The status of an answer, with the error's code when it is one. */
const told = ({ status, body }: Answer) => {
  const { error } = (body ?? {}) as { error?: { code: string } };
  return error ? `${status} ${error.code}` : String(status);
};

type Approval = { status: string; alreadyApproved: boolean };
const reviewOf = async (id: string) =>
  (await org.approver.get<ReviewSeen>(`publishes/${id}/review`)).body;
const tick = (id: string, key: string, ticked: boolean) =>
  org.approver.put(`publishes/${id}/ticks`, { items: [{ kind: 'contact', key }], ticked });
const approval = (id: string, reviewHash: string, who = org.approver) =>
  who.post<Approval>(`publishes/${id}/approval`, { reviewHash });

/** A staged publish of one new customer with two orders, all ticked, and its review. */
async function reviewed(
  code: string,
): Promise<{ id: string; contact: string; review: ReviewSeen }> {
  const tags = [`${code}-1`, `${code}-2`];
  const id = await stageRows(
    org,
    [customerRow(code, org), ...tags.flatMap((tag) => orderRows(code, tag))],
    Object.assign({}, ...tags.map(orderFiles)),
  );
  const contact = (await reviewOf(id)).items.find(({ kind }) => kind === 'contact')?.key ?? '';
  await tick(id, contact, true);
  // Its renditions are made: an approval that comes first must not wait for anything.
  await preparedReview(org, id);
  return { id, contact, review: await reviewOf(id) };
}

/** The customer's live rows, as far as the edits below change them. */
async function liveRows(code: string) {
  const orders = await stack.sql<{ key: string; po: string | null }>(
    `select o.number_key as key, o.po_number as po from portal.orders o join portal.customers c on c.id = o.customer_id
      where c.org_id = $1 and c.code_key = $2 order by 1`,
    [org.id, code],
  );
  const documents = await stack.sql<{ key: string; sha256: string }>(
    `select d.kind || ':' || d.number_key as key, d.file_sha256 as sha256
       from portal.documents d join portal.customers c on c.id = d.customer_id
      where c.org_id = $1 and c.code_key = $2 order by 1`,
    [org.id, code],
  );
  return { orders, documents };
}

/** What {@link liveRows} must be after the approval of a review, through the exposure in force. */
function rowsOf(review: ReviewSeen, granted: string[]) {
  const passing = (kind: string) =>
    review.items
      .filter((item) => item.kind === kind && item.passes)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  const showsPo = granted.includes('po_number');
  return {
    orders: passing('order').map(({ key, fields }) => ({
      key,
      po: showsPo ? (fields.po_number ?? null) : null,
    })),
    documents: passing('document').map(({ key, file }) => ({ key, sha256: file?.sha256 })),
  };
}

async function approvalsOf(id: string) {
  return stack.sql<{ hash: string }>(
    `select detail->>'review_hash' as hash from audit.events
      where org_id = $1 and action = 'publish.approved' and subject_id = $2`,
    [org.id, id],
  );
}

async function grantedTo(code: string): Promise<string[]> {
  const [row] = await stack.sql<{ fields: string[] }>(
    'select granted_fields as fields from staff.exposures where org_id = $1 and customer_key = $2',
    [org.id, code],
  );
  return row?.fields ?? [];
}

describe('approvals and edits at once', () => {
  const withoutPo = EXPOSABLE_FIELDS.filter((field) => field !== 'po_number');
  const kinds = ['invoice', 'packing_slip'];

  /** Runs all at once, in an order of its own for each round. */
  const LEADS = ['approvals', 'edits', 'mixed', 'mixed', 'mixed', 'mixed'] as const;
  test.each(LEADS.map((lead, round) => [round, lead] as const))(
    'round %i (%s first): one publish, exactly as reviewed',
    async (round, lead) => {
      const code = `RACE${round}`;
      const { id, contact, review } = await reviewed(code);
      const approvals = times(20, (i) => async () => {
        const answer = await approval(id, review.hash, i % 2 ? org.approver : org.owner);
        return ['approval', answer] as const;
      });
      const edits = [
        ...times(6, (i) => async () => ['tick', await tick(id, contact, i % 2 === 0)] as const),
        ...times(5, (i) => async () => {
          const bytes = pdfOf(`other bytes ${i}`);
          return ['upload', await org.clerk.uploadPdf(id, `INV-${code}-1.pdf`, bytes)] as const;
        }),
        ...times(5, (i) => async () => {
          const row = {
            customer_code: code,
            order_number: `SO-${code}-2`,
            po_number: `OTHER-${i}`,
          };
          return ['import', await org.clerk.importCsv(csvOf([row]), id)] as const;
        }),
        ...times(4, (i) => async () => {
          const fields = i % 2 === 0 ? withoutPo : EXPOSABLE_FIELDS;
          const answer = await org.owner.put('exposures', { customerKey: code, kinds, fields });
          return ['exposure', answer] as const;
        }),
      ];
      const mixed = approvals.flatMap((one, i) => [one, ...edits.slice(i, i + 1)]);
      // Rotated, so that each round another operation is first.
      const rotated = [...mixed.slice(round * 7), ...mixed.slice(0, round * 7)];
      const order = { approvals: [...approvals, ...edits], edits: [...edits, ...approvals] };
      const answers = await Promise.all(
        (lead === 'mixed' ? rotated : order[lead]).map((operation) => operation()),
      );

      const ALLOWED: Record<string, string[]> = {
        approval: ['200', '409 review_stale'],
        tick: ['200', '409 publish_not_staged'],
        upload: ['201', '409 publish_not_staged'],
        import: ['201', '409 publish_not_staged'],
        exposure: ['200'],
      };
      for (const [what, answer] of answers) {
        expect(ALLOWED[what], what).toContain(told(answer));
      }
      const first = answers.filter(
        ([what, { status, body }]) =>
          what === 'approval' && status === 200 && !(body as Approval).alreadyApproved,
      );
      expect(first.length).toBeLessThanOrEqual(1);

      // Nobody was quick enough: then what the edits left is reviewed and approved.
      if (first.length === 0) {
        await preparedReview(org, id);
      }
      const final = first.length === 1 ? review : await reviewOf(id);
      if (first.length === 0) {
        expect(told(await approval(id, final.hash))).toBe('200');
      }
      expect(await approvalsOf(id)).toEqual([{ hash: final.hash }]);
      const granted = await grantedTo(code);
      const shown = final.customers.find(({ key }) => key === code)?.fields;
      expect(shown).toEqual(expect.arrayContaining(granted));
      expect(await liveRows(code)).toEqual(rowsOf(final, granted));
      expect(await approval(id, final.hash)).toMatchObject({
        status: 200,
        body: { alreadyApproved: true },
      });
    },
  );

  test.each([
    ['of two customers', 'TWIN-B'],
    ['of one customer', 'TWIN-A'],
  ])(
    'two publishes with the same invoice number, %s: one goes live, the other is stale',
    async (_, other) => {
      for (const round of times(4, (i) => i)) {
        const number = `INV-${other}-${round}`;
        const bring = async (code: string, who: string) => {
          const id = await stageRows(
            org,
            [
              customerRow(code, org),
              {
                customer_code: code,
                document_kind: 'invoice',
                document_number: number,
                file_name: 'a.pdf',
              },
            ],
            { 'a.pdf': pdfOf(`${number} of ${who}`) },
          );
          return { id, code, hash: (await preparedReview(org, id)).hash };
        };
        // Known beforehand, so that the document is all that is new.
        await publish(org, [customerRow('TWIN-A', org), customerRow('TWIN-B', org)]);
        const [a, b] = await Promise.all([bring('TWIN-A', 'first'), bring(other, 'second')]);
        const answers = await Promise.all([
          approval(a.id, a.hash, org.approver),
          approval(b.id, b.hash, org.owner),
        ]);
        expect(tally(answers.map(told))).toEqual({ 200: 1, '409 review_stale': 1 });
        const [winner, loser] = answers[0]?.status === 200 ? [a, b] : [b, a];
        const live = await stack.sql(
          `select c.code_key as code, d.file_sha256 as sha256 from portal.documents d join portal.customers c on c.id = d.customer_id
          where d.org_id = $1 and d.number = $2`,
          [org.id, number],
        );
        const document = (review: ReviewSeen) =>
          review.items.find(({ kind }) => kind === 'document');
        const won = document(await reviewOf(winner.id));
        expect(live).toEqual([{ code: winner.code, sha256: won?.file?.sha256 }]);
        expect(document(await reviewOf(loser.id))).toMatchObject({
          change: winner.code === loser.code ? 'revision' : 'conflict',
          passes: false,
        });
      }
    },
  );
});

describe('an approval that is cut short', () => {
  async function nothingHappened(id: string, code: string) {
    expect(await approvalsOf(id)).toEqual([]);
    expect(await liveRows(code)).toEqual({ orders: [], documents: [] });
    const letters = await stack.sql('select from staff.outbox where org_id = $1 and event = $2', [
      org.id,
      `publish.approved/${id}/${code}`,
    ]);
    expect(letters).toEqual([]);
  }
  async function worksNow(id: string, code: string, review: ReviewSeen) {
    const again = await approval(id, review.hash);
    expect(again).toMatchObject({ status: 200, body: { alreadyApproved: false } });
    expect(await liveRows(code)).toEqual(rowsOf(review, await grantedTo(code)));
    const third = await approval(id, review.hash);
    expect(third).toMatchObject({ status: 200, body: { alreadyApproved: true } });
    expect(await approvalsOf(id)).toEqual([{ hash: review.hash }]);
  }

  test('by a backend that dies with its work half done leaves nothing, and works again', async () => {
    const code = 'KILLED';
    const { id, review } = await reviewed(code);
    const owner = new pg.Client(ownerUrl());
    await owner.connect();
    try {
      // The letter that the approval will want to write: it waits for ours, with its rows projected.
      const { contact_email: email } = customerRow(code, org);
      await owner.query('begin');
      await owner.query(
        `insert into staff.outbox (org_id, event, recipient, template, language) values ($1, $2, $3, 'documents-ready', 'en')`,
        [org.id, `publish.approved/${id}/${code}`, email],
      );
      const answer = approval(id, review.hash);
      // On another connection: within a transaction the view of the activity stands still.
      const kill = () =>
        stack.sql(`select pg_terminate_backend(pid) as done from pg_stat_activity
          where usename = 'counterfoil_staff' and wait_event_type = 'Lock' and query like '%staff.approve(%'`);
      await expect.poll(kill, { interval: 20, timeout: 15_000 }).toEqual([{ done: true }]);
      expect(told(await answer)).toBe('503 unavailable');
      await owner.query('rollback');
    } finally {
      await owner.end();
    }
    await nothingHappened(id, code);
    await worksNow(id, code, review);
  });

  test.each([
    ['the database refuses', { kind: 'error', match: 'staff.approve(' }, '500 internal'],
    ['the connection is cut', { kind: 'reset' }, '503 unavailable'],
    ['the database is down', { kind: 'down' }, '503 unavailable'],
  ] as const)('because %s leaves nothing, and works again', async (_, fault, answered) => {
    const code = `CUT-${fault.kind}`.toUpperCase();
    const { id, review } = await reviewed(code);
    stack.database.fault = fault;
    try {
      expect(told(await approval(id, review.hash))).toBe(answered);
    } finally {
      stack.database.fault = null;
    }
    await nothingHappened(id, code);
    await worksNow(id, code, review);
  });
});

describe('staff at once', () => {
  test('two owners who demote each other leave one', async () => {
    for (const own of await Promise.all(times(6, () => makeOrg(stack)))) {
      await stack.sql(
        "update staff.members set role = 'owner' where org_id = $1 and role = 'approver'",
        [own.id],
      );
      const members = await stack.sql<{ id: string; name: string }>(
        "select id, name from staff.members where org_id = $1 and role = 'owner' order by name",
        [own.id],
      );
      const demote = (as: Org['owner'], at: number) =>
        as.put(`members/${members[at]?.id}`, {
          name: 'Demoted',
          role: 'clerk',
          language: 'en',
          active: true,
          confirmed: true,
        });
      // By name: Amir, who was the approver, and Olga.
      await Promise.all([demote(own.owner, 0), demote(own.approver, 1)]);
      const left = await stack.sql(
        "select from staff.members where org_id = $1 and role = 'owner' and active",
        [own.id],
      );
      expect(left).toHaveLength(1);
    }
  });

  test('files of one publish are uploaded, replaced and removed without standing in each other’s way', async () => {
    const id = await stageRows(org, [customerRow('FILES', org)]);
    const answers = await Promise.all(
      times(24, (at) =>
        at % 4 === 3
          ? org.clerk.remove(`publishes/${id}/files/f${at % 6}.pdf`)
          : org.clerk.uploadPdf(id, `f${at % 6}.pdf`, pdfOf(String(at))),
      ),
    );
    for (const { status } of answers) {
      expect([201, 204, 404]).toContain(status);
    }
  });
});

describe('customers at once', () => {
  beforeAll(async () => {
    const rows = [customerRow('QUICK', org), ...orderRows('QUICK', 'Q1')];
    await publish(org, rows, orderFiles('Q1'));
  });

  test('40 clicks on one preview link make one session', async () => {
    const { customerId, contactId } = await contactOf(stack, org, 'QUICK');
    const token = mintToken(org.code);
    await stack.sql(
      `insert into staff.access_links (org_id, customer_id, contact_id, token_hash, last4, purpose, expires_at)
       values ($1, $2, $3, $4::bytea, $5, 'preview', now() + interval '10 minutes')`,
      [org.id, customerId, contactId, await hashSecret(token), token.slice(-4)],
    );
    const clicks = await Promise.all(
      times(40, () => postLanding(stack, `http://portal.test/customer/${token}`)),
    );
    expect(tally(clicks.map(({ status }) => status))).toEqual({ 303: 1, 401: 39 });
    const sessions = await stack.sql(
      'select s.id from staff.sessions s join staff.access_links l on l.id = s.link_id where l.token_hash = $1::bytea',
      [await hashSecret(token)],
    );
    expect(sessions).toHaveLength(1);
  });

  test('requests of one link are each counted, and the 101st of an hour is refused', async () => {
    const link = await makeLink(stack, org, 'QUICK');
    // Two sessions of the same link: the hour is the link's.
    const tabs = [await openLink(stack, link.url), await openLink(stack, link.url)];
    const hour = async () => {
      const [row] = await stack.sql<{ hour_count: number }>(
        'select hour_count from staff.access_links where id = $1',
        [link.id],
      );
      return row?.hour_count;
    };
    expect(await hour()).toBe(2);
    const request = (i: number) => (tabs[i % 2] ?? customerClient(stack, '')).me('orders');
    const forty = await Promise.all(times(40, request));
    const left = forty.map(({ headers }) =>
      Number(/r=(\d+)/.exec(headers.get('RateLimit') ?? '')?.[1]),
    );
    expect(left.sort((a, b) => b - a)).toEqual(times(40, (i) => 97 - i));
    expect(await hour()).toBe(42);

    const seventy = await Promise.all(times(70, request));
    expect(tally(seventy.map(told))).toEqual({ 200: 58, '429 rate_limited': 12 });
    const listed = await stack.sql<{ action: string; count: number }>(
      `select action, count(*)::int from audit.events
        where org_id = $1 and actor_id = $2 and action in ('orders.listed', 'request.refused') group by 1 order by 1`,
      [org.id, link.id],
    );
    expect(listed).toEqual([
      { action: 'orders.listed', count: 98 },
      { action: 'request.refused', count: 12 },
    ]);
  });
});

describe('deliveries at once', () => {
  test('each letter goes out once, with one link', async () => {
    const codes = times(30, (i) => `MAIL-${i}`);
    const rows = codes.flatMap((code) => [
      customerRow(code, org),
      {
        customer_code: code,
        order_number: `SO-${code}`,
        order_date: '2026-01-05',
        order_status: 'shipped',
      },
    ]);
    const id = await stageRows(org, rows);
    // The approval kicks a delivery of its own; these are the cron's, late and twice.
    const approved = approve(org, id);
    await Promise.all(times(3, () => stack.minute()));
    expect(await approved).toMatchObject({ status: 200 });
    await Promise.all(times(5, () => stack.minute()));

    const addresses = codes.map((code) => customerRow(code, org).contact_email);
    await expect
      .poll(
        async () =>
          await stack.sql(
            `select state, count(*)::int from staff.outbox where org_id = $1 and event like $2 group by 1`,
            [org.id, `publish.approved/${id}/%`],
          ),
        { timeout: 15_000 },
      )
      .toEqual([{ state: 'sent', count: 30 }]);
    const received = stack.mail.mails().flatMap(({ to }) => to);
    expect(tally(received.filter((address) => addresses.includes(address)))).toEqual(
      Object.fromEntries(addresses.map((address) => [address, 1])),
    );
    const [links] = await stack.sql<{ count: number }>(
      `select count(*)::int from staff.access_links l join portal.contacts c on c.id = l.contact_id
        where l.org_id = $1 and c.email = any ($2) and l.purpose = 'notification'`,
      [org.id, addresses],
    );
    expect(links?.count).toBe(30);
  });

  test('what happens at once joins one digest, and it leaves once', async () => {
    const parcels = times(12, (i) => ({
      customer_code: 'DIGEST',
      order_number: `SO-DIGEST-${i}`,
      order_date: new Date().toISOString().slice(0, 10),
      order_status: 'shipped',
      tracking_number: `TRK-DIGEST-${i}`,
    }));
    await publish(org, [customerRow('DIGEST', org), ...parcels]);
    const { customerId, contactId } = await contactOf(stack, org, 'DIGEST');
    await stack.sql(
      `insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, source)
       select s.org_id, s.customer_id, s.order_id, s.id, 'delivered', now(), 'delivered', 'carrier'
         from portal.shipments s where s.customer_id = $1`,
      [customerId],
    );
    await Promise.all(
      parcels.map(({ tracking_number }) =>
        stack.sql(
          "update portal.shipments set status = 'delivered' where customer_id = $1 and tracking_number = $2",
          [customerId, tracking_number],
        ),
      ),
    );
    const digests = () =>
      stack.sql(
        `select o.state, count(*)::int as notices from staff.outbox o join staff.notice_letters l on l.letter_id = o.id
          where o.contact_id = $1 and o.template = 'news' group by o.id`,
        [contactId],
      );
    expect(await digests()).toEqual([{ state: 'queued', notices: 12 }]);
    await stack.sql(
      "update staff.outbox set due_at = now() where contact_id = $1 and template = 'news'",
      [contactId],
    );
    await Promise.all(times(4, () => stack.minute()));
    await expect.poll(digests, { timeout: 15_000 }).toEqual([{ state: 'sent', notices: 12 }]);
    const mails = stack.mail.mails().filter(({ text }) => text?.includes('SO-DIGEST-0'));
    expect(mails.map(({ subject }) => subject)).toEqual([
      'Acme Manufacturing: 12 updates on 12 orders',
    ]);
  });
});
