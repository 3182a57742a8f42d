/** The trail asked: by who, whose, what, about what and when; a page at a time, or as a file. */
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  setSettings,
  signIn,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

type Event = {
  id: string;
  at: string;
  action: string;
  actor: { kind: string; id: string | null; contactId: string | null; name: string | null };
  customer: { id: string; code: string; name: string } | null;
  subjectKind: string | null;
  subjectId: string | null;
  subjectName: string | null;
  detail: Record<string, unknown>;
};
type Page = { events: Event[]; nextCursor: string | null };

let stack: Stack;
let org: Org;
let other: Org;
let publishId: string;
let documentId: string;
let customerId: string;
let contactId: string;
beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  publishId = await publish(
    org,
    [customerRow('A', org), customerRow('B', org), ...orderRows('A', 'A1')],
    orderFiles('A1'),
  );
  ({ customerId, contactId } = await contactOf(stack, org, 'A'));
  const customer = await signIn(stack, org, 'A');
  const { body } = await customer.me<{ documents: { id: string }[] }>('home');
  documentId = body.documents[0]?.id ?? '';
  await customer.bytes(`documents/${documentId}`);
  const neighbour = await signIn(stack, org, 'B');
  await neighbour.me('home');
});

const ask = async (query: string, of = org) => (await of.owner.get<Page>(`audit?${query}`)).body;
const eventsOf = async (query: string, of = org) => (await ask(query, of)).events;
const memberOf = async (name: string) => {
  const [row] = await stack.sql<{ id: string }>(
    'select id from staff.members where org_id = $1 and name = $2',
    [org.id, name],
  );
  return row?.id ?? '';
};
const only = (events: Event[], about: (event: Event) => unknown) => [...new Set(events.map(about))];

describe('a filter', () => {
  test('by a member gives what they did', async () => {
    const clara = await eventsOf(`actor=member:${await memberOf('Clara Nowak')}`);
    expect(only(clara, ({ actor }) => actor.name)).toEqual(['Clara Nowak']);
    expect(only(clara, ({ action }) => action)).toContain('import.staged');
  });

  test('by a contact or a link gives what was done there', async () => {
    const byContact = await eventsOf(`actor=contact:${contactId}`);
    expect(only(byContact, ({ actor }) => actor.name)).toEqual(['Contact of A']);
    const link = byContact[0]?.actor.id;
    const byLink = await eventsOf(`actor=link:${link}`);
    expect(byLink.map(({ id }) => id)).toEqual(byContact.map(({ id }) => id));
    expect(await eventsOf(`actor=member:${link}`)).toEqual([]);
  });

  test('by everyone of a kind', async () => {
    expect(only(await eventsOf('actor=customer'), ({ actor }) => actor.name).sort()).toEqual([
      'Contact of A',
      'Contact of B',
    ]);
    await stack.minute();
    expect(only(await eventsOf('actor=system'), ({ actor }) => actor.kind)).toEqual(['system']);
  });

  test('by a customer, and by several actions at once', async () => {
    const events = await eventsOf(`customer=${customerId}&action=link.opened,document.downloaded`);
    expect(events.map(({ action }) => action)).toEqual(['document.downloaded', 'link.opened']);
    expect(only(events, ({ customer }) => customer?.code)).toEqual(['A']);
  });

  test('by a subject gives its own history, under its name of today', async () => {
    const [taken] = await eventsOf(`subject=document:${documentId}`);
    expect(taken).toMatchObject({
      action: 'document.downloaded',
      subjectId: documentId,
      subjectName: expect.stringMatching(/^(INV|PS)-A1$/),
    });
    const publishes = await eventsOf(`subject=publish:${publishId}`);
    expect(only(publishes, ({ subjectId }) => subjectId)).toEqual([publishId]);
    expect(only(publishes, ({ subjectName }) => subjectName)).toEqual(['index.csv']);
    expect(await eventsOf(`subject=order:${documentId}`)).toEqual([]);
  });

  test('by days means the supplier’s days, both of them included', async () => {
    const own = await makeOrg(stack);
    await setSettings(own, { timeZone: 'America/Chicago' });
    // 05:30 UTC is 23:30 of the day before in Chicago, in winter.
    for (const at of ['2026-01-10T05:30:00Z', '2026-01-10T06:30:00Z', '2026-01-11T06:30:00Z']) {
      await stack.sql(
        "insert into audit.events (org_id, at, actor_kind, action) values ($1, $2, 'system', 'mail.sent')",
        [own.id, at],
      );
    }
    const at = async (query: string) => (await eventsOf(query, own)).map((event) => event.at);
    expect(await at('from=2026-01-09&to=2026-01-09')).toEqual(['2026-01-10T05:30:00.000000Z']);
    expect(await at('from=2026-01-10&to=2026-01-10')).toEqual(['2026-01-10T06:30:00.000000Z']);
    expect(await at('to=2026-01-10')).toHaveLength(2);
    expect(await at('from=2026-01-12&to=2026-01-09')).toEqual([]);
  });

  test('goes on by key: every event once, whatever is added meanwhile', async () => {
    const own = await makeOrg(stack);
    await stack.sql(
      `insert into audit.events (org_id, at, actor_kind, action)
       select $1, timestamptz '2026-01-01' + make_interval(secs => n / 40), 'system', 'mail.sent'
         from generate_series(1, 120) n`,
      [own.id],
    );
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await ask(`action=mail.sent${cursor && `&cursor=${cursor}`}`, own);
      seen.push(...page.events.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
    expect(await eventsOf('size=3', own)).toHaveLength(3);
  });

  test('with another supplier’s ids, or nobody’s, gives nothing', async () => {
    for (const query of [
      `customer=${customerId}`,
      `subject=document:${documentId}`,
      `subject=publish:${publishId}`,
      `actor=contact:${contactId}`,
      `actor=member:${await memberOf('Clara Nowak')}`,
    ]) {
      expect(await eventsOf(query), query).not.toEqual([]);
      expect(await eventsOf(query, other), query).toEqual([]);
      const { body } = await other.owner.get<string>(`audit.csv?${query}`);
      expect(rowsOf(body), query).toEqual([]);
    }
  });

  test.each([
    ['actor=member', ['actor']],
    ['actor=somebody:x', ['actor']],
    ['action=mail.sent,evil', ['action']],
    ['subject=document', ['subject']],
    ['from=yesterday&to=0000-01-01', ['from', 'to']],
  ])('that is none, %s, is refused by its fields', async (query, fields) => {
    for (const path of ['audit', 'audit.csv']) {
      const { status, body } = await org.clerk.get<{ error: { fields: object } }>(
        `${path}?${query}`,
      );
      expect([status, Object.keys(body.error.fields)]).toEqual([422, fields]);
    }
  });
});

const rowsOf = (csv: string) =>
  parse<Record<string, string>>(csv, { columns: true, bom: true, skip_empty_lines: true });

describe('the file', () => {
  test('holds a filter’s events in the trail’s order, and is itself in the trail', async () => {
    const query = `customer=${customerId}&action=link.opened,document.downloaded`;
    const { headers, body } = await org.owner.get<string>(`audit.csv?${query}`);
    expect(headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('Content-Disposition')).toContain('audit.csv');
    expect(rowsOf(body)).toMatchObject([
      { action: 'document.downloaded', actor: 'Contact of A', customer_code: 'A' },
      { action: 'link.opened', actor: 'Contact of A', customer_code: 'A' },
    ]);
    const [told] = await eventsOf('action=audit.exported');
    expect(told).toMatchObject({
      actor: { name: 'Olga Berg' },
      detail: { customer: customerId, action: 'link.opened,document.downloaded' },
    });
  });

  test('begins with a mark, and runs nothing in a spreadsheet', async () => {
    const own = await makeOrg(stack);
    await own.clerk.post('publishes', { name: '=HYPERLINK("http://evil.example","x")' });
    const answer = await stack.fetch(`http://console.test/api/admin/${own.slug}/audit.csv`, {
      headers: { 'Cf-Access-Jwt-Assertion': own.clerk.token },
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [row] = rowsOf(new TextDecoder().decode(bytes));
    expect(row?.subject).toBe(`'=HYPERLINK("http://evil.example","x")`);
  });

  test('goes on over its pages: every event once, and none that came meanwhile', async () => {
    const own = await makeOrg(stack);
    await stack.sql(
      `insert into audit.events (org_id, at, actor_kind, action)
       select $1, timestamptz '2026-01-01' + make_interval(secs => n / 300), 'system', 'mail.sent'
         from generate_series(1, 2500) n`,
      [own.id],
    );
    const { body } = await own.owner.get<string>('audit.csv');
    const rows = rowsOf(body);
    expect([rows.length, new Set(rows.map((row) => row.event_id)).size]).toEqual([2500, 2500]);
    expect(rows.map(({ at }) => at)).toEqual(
      rows
        .map(({ at }) => at ?? '')
        .sort()
        .reverse(),
    );
  });
});
