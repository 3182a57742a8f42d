/** The desk where staff answer what customers report: what it says to whom, and what stays inside. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  addPhoto,
  contactOf,
  customerRow,
  makeIssue,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  setSettings,
} from '../cast.ts';
import { postLanding } from '../clients.ts';
import { settle } from '../rows-of.ts';
import { CONSOLE, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let issueId: string;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { contactEmail: `desk@${org.slug}.example` });
  await publish(
    org,
    [customerRow('ANNA', org), customerRow('BEN', org), ...orderRows('ANNA', 'A1')],
    orderFiles('A1'),
  );
});
beforeEach(async () => {
  issueId = await makeIssue(stack, org, 'ANNA', 'A1');
});

let keys = 0;
/** An answer, with a key of its own unless one is named. */
function reply(
  id: string,
  value: { body: string; status?: string },
  { key = `desk-key-${++keys}`, as = org.clerk } = {},
) {
  return as.send<{ message: { id: string; letter: string | null }; issue: { status: string } }>(
    'POST',
    `issues/${id}/messages`,
    JSON.stringify(value),
    'application/json',
    { 'Idempotency-Key': key },
  );
}

type Detail = {
  issue: {
    number: string;
    status: string;
    changedAt: string;
    creditNoteNumber: string | null;
    contact: { isMailed: boolean };
  };
  lines: { lineNumber: number; description: string }[];
  messages: { body: string; author: string; authorName: string; letter: string | null }[];
  notes: { body: string; authorName: string }[];
  photos: { id: string }[];
  creditNotes: string[];
};
const read = async (id: string) => (await org.clerk.get<Detail>(`issues/${id}`)).body;
const lettersOf = (id: string) =>
  stack.sql<{ template: string; recipient: string; language: string; state: string }>(
    "select template, recipient, language, state from staff.outbox where params->>'issue' = $1 order by created_at, id",
    [id],
  );
const eventsOf = async (id: string) => {
  const rows = await stack.sql<{ action: string; detail: Record<string, unknown> }>(
    "select action, detail from audit.events where subject_kind = 'issue' and subject_id = $1 order by at, id",
    [id],
  );
  return rows;
};

describe('a reply', () => {
  test('is mailed exactly once, however often it is sent, and its link opens the report', async () => {
    const body = 'Sorry for that.\nTwo new cartons leave today.';
    const key = 'one-click-too-many';
    const answers = await Promise.all([1, 2, 3].map(() => reply(issueId, { body }, { key })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect((await reply(issueId, { body }, { key })).status).toBe(200);
    expect(new Set(answers.map((answer) => answer.body.message.id)).size).toBe(1);
    await settle(stack, [org.id]);

    const { issue, messages } = await read(issueId);
    expect(messages).toMatchObject([
      { body, author: 'staff', authorName: 'Clara Nowak', letter: 'sent' },
    ]);
    expect(issue.status).toBe('in_progress');
    const mails = stack.mail.mails().filter(({ subject }) => subject.includes(`${issue.number},`));
    const mine = mails.filter(({ to }) => to.includes(`anna@${org.slug}.customer.example`));
    expect(mine).toHaveLength(1);
    expect(mine[0]?.subject).toContain(`${issue.number}, order SO-A1`);
    expect(mine[0]?.text).toContain('> Sorry for that.\n> Two new cartons leave today.');
    expect(mine[0]?.html).toContain('Two new cartons leave today.');

    const [url = ''] = /http\S+\/customer\/\S+/.exec(mine[0]?.text ?? '') ?? [];
    const landing = await (await stack.fetch(url)).text();
    const [, to = ''] = /name="to" value="([^"]*)"/.exec(landing) ?? [];
    expect((await postLanding(stack, url, { to })).headers.get('Location')).toBe(
      `/issues/${issueId}`,
    );
  });

  test('takes the status along that it is sent with', async () => {
    const waiting = await reply(issueId, { body: 'Which?', status: 'waiting_for_customer' });
    expect(waiting.body.issue.status).toBe('waiting_for_customer');
    const kept = await reply(issueId, { body: 'Are you there?' });
    expect(kept.body.issue.status).toBe('waiting_for_customer');
    const resolved = await reply(issueId, { body: 'Done.', status: 'resolved' });
    expect(resolved.body.issue.status).toBe('resolved');
    expect((await eventsOf(issueId)).map(({ action }) => action)).toEqual([
      'issue.replied',
      'issue.status_changed',
      'issue.replied',
      'issue.replied',
      'issue.status_changed',
    ]);
    expect(JSON.stringify(await eventsOf(issueId))).not.toContain('Which?');
  });

  test('without a key, or without words, is refused', async () => {
    const bare = await org.clerk.post(`issues/${issueId}/messages`, { body: 'No key.' });
    expect(bare).toMatchObject({ status: 422, body: { error: { code: 'invalid' } } });
    expect((await reply(issueId, { body: '  ' })).status).toBe(422);
    expect((await reply(issueId, { body: 'x'.repeat(4_001) })).status).toBe(422);
    expect((await read(issueId)).messages).toEqual([]);
  });

  test('to somebody who wants no mail of reports, or may not look, is in the portal alone', async () => {
    const { contactId } = await contactOf(stack, org, 'ANNA');
    const cases = [
      ["muted_mail = '{issues}'", "muted_mail = '{}'"],
      ["access = 'paused'", "access = 'allowed'"],
    ];
    for (const [change, back] of cases) {
      await stack.sql(`update portal.contacts set ${change} where id = $1`, [contactId]);
      const answer = await reply(issueId, { body: 'Only here.' });
      expect((await read(issueId)).issue.contact).toMatchObject({ isMailed: false });
      await stack.sql(`update portal.contacts set ${back} where id = $1`, [contactId]);
      expect(answer).toMatchObject({ status: 201, body: { message: { letter: null } } });
    }
    expect(await lettersOf(issueId)).toEqual([]);
    expect((await read(issueId)).messages).toHaveLength(2);
  });

  test('is mailed in the language that its reader chose', async () => {
    const { contactId } = await contactOf(stack, org, 'ANNA');
    const choose = (language: string | null) =>
      stack.sql('update portal.contacts set chosen_language = $2 where id = $1', [
        contactId,
        language,
      ]);
    await choose('pl');
    await reply(issueId, { body: 'Już jadą.' });
    await choose(null);
    expect(await lettersOf(issueId)).toMatchObject([{ template: 'issue-reply', language: 'pl' }]);
  });
});

describe('a note', () => {
  test('reaches no customer: not by a table of theirs, and not by mail', async () => {
    const NOTE = 'They say this every month.';
    const seen = () =>
      stack.sql(
        `select (select to_jsonb(r) from portal.issue_reports r where r.id = $1) as report,
                (select count(*)::int from portal.issue_messages m where m.issue_id = $1) as messages`,
        [issueId],
      );
    const before = await seen();
    const { status } = await org.approver.post(`issues/${issueId}/notes`, { body: NOTE });
    expect(status).toBe(201);
    expect(await seen()).toEqual(before);
    expect((await read(issueId)).notes).toMatchObject([{ body: NOTE, authorName: 'Amir Haddad' }]);
    await expect(
      stack.sqlAs('customer', ['select * from staff.issue_notes']),
    ).rejects.toMatchObject({ code: '42501' });
    // Nor does a later answer take it along.
    await reply(issueId, { body: 'We look into it.' });
    await settle(stack, [org.id]);
    const mails = stack.mail.mails().filter(({ text, html }) => `${text}${html}`.includes(NOTE));
    expect(mails).toEqual([]);
    expect(JSON.stringify(await eventsOf(issueId))).not.toContain(NOTE);
    expect((await eventsOf(issueId)).map(({ action }) => action)).toContain('issue.noted');
  });
});

describe('a status', () => {
  test('is an event when it changes, and none when it does not', async () => {
    const put = (value: object) => org.clerk.put(`issues/${issueId}/status`, value);
    expect((await put({ status: 'waiting_for_customer' })).status).toBe(200);
    expect((await put({ status: 'waiting_for_customer' })).status).toBe(200);
    expect((await put({ status: 'resolved' })).status).toBe(200);
    expect((await put({ status: 'open' })).status).toBe(200);
    expect((await put({ status: 'lost' })).status).toBe(422);
    const { issue } = await read(issueId);
    expect(issue).toMatchObject({ status: 'open', resolvedAt: null });
    const number = Number(issue.number.slice(2));
    expect(await eventsOf(issueId)).toEqual([
      {
        action: 'issue.status_changed',
        detail: { number, from: 'open', to: 'waiting_for_customer' },
      },
      {
        action: 'issue.status_changed',
        detail: { number, from: 'waiting_for_customer', to: 'resolved' },
      },
      { action: 'issue.status_changed', detail: { number, from: 'resolved', to: 'open' } },
    ]);
    const { body } = await org.clerk.get<{ events: { subjectName: string }[] }>(
      `audit?subject=issue:${issueId}`,
    );
    expect(body.events[0]?.subjectName).toBe(issue.number);
  });

  test('names a credit note only that this customer has', async () => {
    const creditNote = async (code: string, number: string, held = false) => {
      const { customerId } = await contactOf(stack, org, code);
      await stack.sql(
        `insert into portal.invoices (org_id, customer_id, number, number_key, kind, held, issued_on)
         values ($1, $2, $3, $3, 'credit_note', $4, '2026-02-01')`,
        [org.id, customerId, number, held],
      );
    };
    await creditNote('ANNA', 'CN-1');
    await creditNote('ANNA', 'CN-HELD', true);
    await creditNote('BEN', 'CN-2');
    expect((await read(issueId)).creditNotes).toEqual(['CN-1']);
    const close = (creditNoteNumber: string) =>
      org.clerk.put(`issues/${issueId}/status`, { status: 'resolved', creditNoteNumber });
    for (const number of ['CN-2', 'CN-HELD', 'CN-3', 'INV-A1']) {
      expect(await close(number), number).toMatchObject({
        status: 422,
        body: { error: { code: 'credit_note_unknown' } },
      });
    }
    expect((await read(issueId)).issue).toMatchObject({ status: 'open', creditNoteNumber: null });
    expect(await eventsOf(issueId)).toEqual([]);

    expect((await close(' cn-1 ')).status).toBe(200);
    const closed = (await read(issueId)).issue;
    expect(closed).toMatchObject({ status: 'resolved', creditNoteNumber: 'CN-1' });
    const half = await org.clerk.put(`issues/${issueId}/status`, {
      status: 'in_progress',
      creditNoteNumber: 'CN-1',
    });
    expect(half.status).toBe(422);
    await org.clerk.put(`issues/${issueId}/status`, { status: 'in_progress' });
    expect((await read(issueId)).issue.creditNoteNumber).toBeNull();
  });
});

test('a machine answers no report, and changes nothing of one', async () => {
  for (const answer of [
    await reply(issueId, { body: 'Beep.' }, { as: org.service }),
    await org.service.post(`issues/${issueId}/notes`, { body: 'Beep.' }),
    await org.service.put(`issues/${issueId}/status`, { status: 'resolved' }),
    await org.service.put(`issues/${issueId}/assignee`, { memberId: null }),
    await org.service.get('issues'),
  ]) {
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  }
  // Nor with the connection of staff, and no Worker before it.
  const entered: [string, unknown[]] = [
    'select status from staff.enter(null, $1, $2, null)',
    [`${org.slug}.access`, org.slug],
  ];
  const [, [noted] = []] = await stack.sqlAs('staff', entered, [
    "select status from staff.note_issue($1, 'Beep.')",
    [issueId],
  ]);
  expect(noted).toEqual({ status: 'forbidden' });
  expect((await read(issueId)).notes).toEqual([]);
});

test('another supplier’s desk sees nothing of it', async () => {
  const other = await makeOrg(stack, 'Borealis');
  const { number } = (await read(issueId)).issue;
  for (const path of ['issues', `issues?q=${number}`, 'issues?q=SO-A1', 'issues?status=open']) {
    expect((await other.owner.get(path)).body, path).toEqual({ issues: [], nextCursor: null });
  }
  expect((await other.owner.get<{ openIssues: number }>('alerts')).body.openIssues).toBe(0);
  expect((await other.owner.get(`issues/${issueId}`)).status).toBe(404);
  expect((await reply(issueId, { body: 'Hello' }, { as: other.owner })).status).toBe(404);
});

describe('the list', () => {
  type List = {
    issues: { id: string; lastMessage: { author: string } | null }[];
    nextCursor: string;
  };
  const list = async (query: string) => (await own.clerk.get<List>(`issues${query}`)).body;
  const idsOf = async (query: string) => (await list(query)).issues.map(({ id }) => id);
  let own: Org;
  let made: string[];
  beforeAll(async () => {
    own = await makeOrg(stack);
    await publish(own, [customerRow('ONE', own, 'Harbour 100%'), customerRow('TWO', own)]);
    made = [];
    for (let at = 0; at < 22; at += 1) {
      made.unshift(await makeIssue(stack, own, at === 0 ? 'TWO' : 'ONE', `L${at}`));
    }
  });

  test('is paged by the last change, each report once', async () => {
    const first = await list('');
    expect(first.issues).toHaveLength(20);
    const rest = await list(`?cursor=${encodeURIComponent(first.nextCursor)}`);
    expect(rest.nextCursor).toBeNull();
    expect([...first.issues, ...rest.issues].map(({ id }) => id)).toEqual(made);
  });

  test('finds by its number, its order, its customer', async () => {
    const [oldest] = made.slice(-1);
    expect(await idsOf('?q=R-1')).toContain(oldest);
    expect(await idsOf('?q=so-l21')).toEqual([made[0]]);
    expect(await idsOf('?q=two')).toEqual([oldest]);
    expect(await idsOf('?q=100%25')).toHaveLength(20);
    expect(await idsOf('?q=nothing')).toEqual([]);
    const { customerId } = await contactOf(stack, own, 'TWO');
    expect(await idsOf(`?customer=${customerId}`)).toEqual([oldest]);
  });

  test('shows mine, nobody’s and each status', async () => {
    const members = await own.clerk.get<{ members: { id: string; name: string }[] }>('members');
    const idOf = (name: string) => members.body.members.find((each) => each.name === name)?.id;
    const [first = '', second = '', third = ''] = made;
    const give = (id: string, memberId: unknown) =>
      own.clerk.put(`issues/${id}/assignee`, { memberId });
    expect((await give(first, idOf('Clara Nowak'))).status).toBe(200);
    expect((await give(second, idOf('Amir Haddad'))).status).toBe(200);
    expect(await idsOf('?assignee=me')).toEqual([first]);
    expect(await idsOf(`?assignee=${idOf('Amir Haddad')}`)).toEqual([second]);
    expect(await idsOf('?assignee=none')).not.toContain(first);
    expect((await give(first, idOf('ERP export'))).status).toBe(404);
    expect((await give(first, null)).status).toBe(200);
    expect(await idsOf('?assignee=me')).toEqual([]);
    expect((await eventsOf(first)).map(({ action }) => action)).toEqual([
      'issue.assigned',
      'issue.assigned',
    ]);
    await own.clerk.put(`issues/${third}/status`, { status: 'resolved' });
    expect((await list('')).issues.map(({ lastMessage }) => lastMessage?.author)).not.toContain(
      'staff',
    );
    await reply(third, { body: 'Settled.' }, { as: own.clerk });
    expect((await list('')).issues[0]).toMatchObject({
      id: third,
      lastMessage: { author: 'staff' },
    });
    expect(await idsOf('?status=resolved')).toEqual([third]);
    expect(await idsOf('?status=unresolved')).not.toContain(third);
    const { body } = await own.clerk.get<{ openIssues: number }>('alerts');
    expect(body.openIssues).toBe(21);
    expect((await own.clerk.get('issues?assignee=nobody')).status).toBe(422);
  });
});

describe('a photo', () => {
  test('is shown as a picture that can do nothing', async () => {
    const id = await addPhoto(stack, org, issueId, { bytes: 'PNG', fileName: 'Größe "1".png' });
    const { status, headers, body } = await org.clerk.get(`issues/${issueId}/photos/${id}`);
    expect([status, body]).toEqual([200, 'PNG']);
    expect(headers.get('Content-Type')).toBe('image/png');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Cache-Control')).toBe('private, no-store');
    expect(headers.get('Content-Security-Policy')).toContain('sandbox');
    expect(headers.get('Content-Disposition')).toMatch(/^inline; filename="Gro_*e _1_\.png"/);
    expect((await read(issueId)).photos).toMatchObject([{ id }]);
  });

  test('that is none is only ever saved', async () => {
    const mediaType = 'text/html';
    const id = await addPhoto(stack, org, issueId, { bytes: '<script>', mediaType });
    const { headers } = await org.clerk.get(`issues/${issueId}/photos/${id}`);
    expect(headers.get('Content-Type')).toBe('application/octet-stream');
    expect(headers.get('Content-Disposition')).toMatch(/^attachment/);
  });
});

describe('the supplier is told', () => {
  /** As the functions that take a customer's words call it: as the owner, in an org that is open. */
  const tell = (id: string, event: string) =>
    stack.sql(`do $$ begin
      perform set_config('counterfoil.org', '${org.id}', true);
      set local role counterfoil_owner;
      perform staff.tell_desk('${id}', '${event}');
    end $$`);
  const answer = async (id: string, body: string) => {
    const { customerId, contactId } = await contactOf(stack, org, 'ANNA');
    await stack.sql(
      `insert into portal.issue_messages (org_id, customer_id, contact_id, issue_id, author, author_name, body, idempotency_key)
       values ($1, $2, $3, $4, 'customer', 'Anna', $5, $5)`,
      [org.id, customerId, contactId, id, body],
    );
  };

  test('of a new report once, at its own address, with the way to it', async () => {
    await tell(issueId, 'issue.reported');
    await tell(issueId, 'issue.reported');
    await settle(stack, [org.id]);
    const desk = `desk@${org.slug}.example`;
    expect(await lettersOf(issueId)).toEqual([
      { template: 'issue-reported', recipient: desk, language: 'en', state: 'sent' },
    ]);
    const mails = stack.mail.mails().filter(({ text }) => text?.includes(issueId));
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toEqual([desk]);
    expect(mails[0]?.text).toContain('> Two cartons of A1 are wet.');
    expect(mails[0]?.text).toContain(`${CONSOLE}/admin/${org.slug}/issues/${issueId}`);
    // Nothing in it opens a customer's portal.
    expect(`${mails[0]?.text}${mails[0]?.html}`).not.toContain('/customer/');
  });

  test('of each answer, whoever it is assigned to, in their language', async () => {
    const amir = `amir@${org.slug}.example`;
    const [member] = await stack.sql<{ id: string }>(
      "update staff.members set language = 'es' where email = $1 returning id",
      [amir],
    );
    await org.clerk.put(`issues/${issueId}/assignee`, { memberId: member?.id });
    for (const words of ['They came.', 'And are wet again.']) {
      await answer(issueId, words);
      await tell(issueId, 'issue.answered');
      await tell(issueId, 'issue.answered');
    }
    // Who has left is not written to: the org is.
    await stack.sql('update staff.members set active = false where email = $1', [amir]);
    await answer(issueId, 'Hello?');
    await tell(issueId, 'issue.answered');
    await stack.sql('update staff.members set active = true where email = $1', [amir]);
    const letters = await lettersOf(issueId);
    expect(letters.map(({ recipient, language }) => [recipient, language])).toEqual([
      [amir, 'es'],
      [amir, 'es'],
      [`desk@${org.slug}.example`, 'en'],
    ]);
    await settle(stack, [org.id]);
    const subjects = stack.mail
      .mails()
      .filter(({ to, text }) => to.includes(amir) && text?.includes(issueId))
      .map(({ subject }) => subject);
    expect(subjects).toHaveLength(2);
    expect(subjects[0]).toContain('escribe sobre el pedido SO-A1');
  });

  test('by nobody but our own functions', async () => {
    for (const audience of ['customer', 'staff', 'system'] as const) {
      await expect(
        stack.sqlAs(audience, ["select staff.tell_desk($1, 'issue.reported')", [issueId]]),
        audience,
      ).rejects.toMatchObject({ code: '42501' });
    }
  });
});
