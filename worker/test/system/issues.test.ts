/** A customer reports what is wrong with an order, with photos, and talks about it. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  signIn,
} from '../cast.ts';
import { type Customer, openLink, postLanding } from '../clients.ts';
import {
  addPhoto,
  answer,
  damaged,
  type Issue,
  type IssuePage,
  jpeg,
  newKey,
  orderId,
  report,
} from '../reports.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
let order: string;

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await stack.sql('update portal.orgs set hourly_request_limit = 10000 where id = $1', [org.id]);
  await publish(
    org,
    [
      customerRow('MARA', org),
      customerRow('ELSE', org),
      ...orderRows('MARA', 'M1'),
      ...orderRows('MARA', 'M2'),
      ...orderRows('ELSE', 'E1'),
    ],
    Object.assign({}, ...['M1', 'M2', 'E1'].map(orderFiles)),
  );
  customer = await signIn(stack, org, 'MARA');
  order = await orderId(customer, 'SO-M1');
});

const reported = async () => (await report(customer, order)).body.issue;
const read = async (id: string) => (await customer.me<IssuePage>(`issues/${id}`)).body;
const setStatus = (id: string, status: string) =>
  stack.sql(
    `update portal.issue_reports set status = $2, resolved_at = case when $2 = 'resolved' then now() end where id = $1`,
    [id, status],
  );
const countOf = async (what: string, id: string) => {
  const [row] = await stack.sql<{ rows: number }>(
    `select count(*)::int as rows from portal.${what} where ${what === 'issue_reports' ? 'id' : 'issue_id'} = $1`,
    [id],
  );
  return row?.rows;
};
const reports = async () => {
  const [row] = await stack.sql<{ rows: number }>(
    'select count(*)::int as rows from portal.issue_reports where org_id = $1',
    [org.id],
  );
  return row?.rows ?? 0;
};
const eventsOf = async (id: string) => {
  const rows = await stack.sql<{ action: string }>(
    `select action from audit.events where subject_kind = 'issue' and subject_id = $1 and action <> 'issue.viewed' order by id`,
    [id],
  );
  return rows.map(({ action }) => action);
};

describe('a report', () => {
  test('has a number to call it by, and is on its order’s page and in the list', async () => {
    const { status, body } = await report(customer, order);
    expect(status).toBe(201);
    expect(body.issue).toMatchObject({
      ...damaged,
      number: expect.stringMatching(/^R-\d+$/),
      orderNumber: 'SO-M1',
      orderId: order,
      status: 'open',
      creditNoteNumber: null,
    });
    const { issue, messages, photos } = await read(body.issue.id);
    expect({ issue, messages, photos }).toEqual({ issue: body.issue, messages: [], photos: [] });
    const listed = await customer.me<{ issues: Issue[] }>('issues');
    expect(listed.body.issues[0]).toEqual(body.issue);
    const page = await customer.me<{ issues: Issue[] }>(`orders/${order}`);
    expect(page.body.issues[0]).toEqual(body.issue);
    const other = await customer.me<{ issues: Issue[] }>(
      `orders/${await orderId(customer, 'SO-M2')}`,
    );
    expect(other.body.issues).toEqual([]);
    expect(await eventsOf(body.issue.id)).toEqual(['issue.reported']);
  });

  test('is one, however often and however fast it is sent', async () => {
    const key = newKey();
    const before = await reports();
    const first = await Promise.all([1, 2, 3].map(() => report(customer, order, damaged, key)));
    const again = await report(customer, order, damaged, key);
    expect(first.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(again.status).toBe(200);
    expect(new Set([...first, again].map(({ body }) => body.issue.id)).size).toBe(1);
    expect(await reports()).toBe(before + 1);
  });

  test('that was sent is not changed by other words under its key: they are told which it is', async () => {
    const key = newKey();
    const { issue } = (await report(customer, order, damaged, key)).body;
    const before = await reports();
    for (const changes of [
      { description: 'Three of the boxes were crushed.' },
      { kind: 'missing' },
      { lineNumbers: [] },
      { contactEmail: 'office@customer.example' },
      { contactPhone: null },
    ]) {
      const other = await report(customer, order, { ...damaged, ...changes }, key);
      expect([other.status, other.body]).toMatchObject([
        409,
        { error: { code: 'sent_before', fields: { issueId: issue.id, number: issue.number } } },
      ]);
    }
    expect(await reports()).toBe(before);
    expect((await read(issue.id)).issue).toEqual(issue);
    const same = await report(customer, order, damaged, key);
    expect([same.status, same.body.issue.id]).toEqual([200, issue.id]);
    expect(await eventsOf(issue.id)).toEqual(['issue.reported']);
  });

  test('of two that come together under one key and say two things, one is told of the other', async () => {
    const key = newKey();
    const texts = [
      'Two boxes were crushed.',
      'Three boxes were crushed.',
      'Four boxes were crushed.',
    ];
    const sent = await Promise.all(
      texts.map((description) => report(customer, order, { ...damaged, description }, key)),
    );
    expect(sent.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const made = sent.find(({ status }) => status === 201)?.body.issue;
    for (const { status, body } of sent) {
      if (status === 409) {
        expect(body).toMatchObject({
          error: { code: 'sent_before', fields: { issueId: made?.id } },
        });
      }
    }
  });

  test('of another order with a key that was used is refused', async () => {
    const key = newKey();
    await report(customer, order, damaged, key);
    const other = await report(customer, await orderId(customer, 'SO-M2'), damaged, key);
    expect([other.status, other.body]).toMatchObject([409, { error: { code: 'conflict' } }]);
  });

  test('numbers are given once, also to those who report together', async () => {
    const many = await Promise.all(Array.from({ length: 6 }, () => report(customer, order)));
    expect(new Set(many.map(({ body }) => body.issue.number)).size).toBe(6);
  });

  test.each([
    ['a description of 9 characters', { description: '123456789' }, 'description'],
    ['a description of spaces', { description: ' '.repeat(40) }, 'description'],
    ['5 characters that JavaScript counts as 10', { description: '😀😀😀😀😀' }, 'description'],
    ['a description of 1,001 characters', { description: 'x'.repeat(1001) }, 'description'],
    ['a NUL', { description: 'not a text \0 to keep' }, 'description'],
    ['a kind that there is not', { kind: 'annoying' }, 'kind'],
    ['no address to answer to', { contactEmail: 'nobody' }, 'contactEmail'],
    ['a telephone number of 41 characters', { contactPhone: '1'.repeat(41) }, 'contactPhone'],
    ['a line that the order has not', { lineNumbers: [99] }, 'lineNumbers'],
    ['201 lines', { lineNumbers: Array.from({ length: 201 }, (_, at) => at) }, 'lineNumbers'],
  ])('with %s is refused by name, and nothing is kept', async (_, wrong, field) => {
    const before = await reports();
    const { status, body } = await report(customer, order, { ...damaged, ...wrong });
    expect([status, body]).toMatchObject([422, { error: { code: 'invalid' } }]);
    const { fields } = (body as unknown as { error: { fields: object } }).error;
    expect(Object.keys(fields)).toEqual([field]);
    expect(await reports()).toBe(before);
  });

  test.each([10, 1000])('of %i characters, whatever letters, is taken', async (length) => {
    const description = '😀'.repeat(length);
    const { status, body } = await report(customer, order, { ...damaged, description });
    expect([status, body.issue.description]).toEqual([201, description]);
  });

  test.each([
    ['without a key', undefined],
    ['with a key of 7 characters', '1234567'],
    ['with a key that is no key', "a'); drop table"],
  ])('%s is refused', async (_, key) => {
    const answered = await customer.post(
      `orders/${order}/report-issue`,
      damaged,
      key === undefined ? {} : { 'Idempotency-Key': key },
    );
    expect(answered.status).toBe(422);
  });

  test('without lines, or a telephone, is about the whole order', async () => {
    const { contactPhone: _, ...plain } = damaged;
    const { body } = await report(customer, order, { ...plain, lineNumbers: [] });
    expect(body.issue).toMatchObject({ lineNumbers: [], contactPhone: null });
  });

  test('keeps hostile text as the text it is, in every field, and its page ends no script with it', async () => {
    const hostile = `</script><script>alert(1)</script>'; drop table portal.issue_reports; -- {{7*7}} \u202e`;
    const { body } = await report(customer, order, {
      ...damaged,
      description: hostile,
      contactEmail: "o'brien+x@customer.example",
      contactPhone: '<b>"1"</b> --',
    });
    const { id } = body.issue;
    await answer(customer, id, hostile);
    await addPhoto(customer, id, jpeg(), '../../<img src=x onerror=alert(1)>.jpg');
    const { issue, messages, photos } = await read(id);
    expect([issue.description, issue.contactPhone]).toEqual([hostile, '<b>"1"</b> --']);
    expect(messages[0]?.body).toBe(hostile);
    expect(photos[0]?.fileName).toBe('<img src=x onerror=alert(1)>.jpg');
    for (const path of [`/issues/${id}`, `/orders/${order}`]) {
      const html = await (await customer.page(path)).text();
      expect(html).not.toContain('<script>alert');
      expect(html).not.toContain('<img src=x');
    }
    const [event] = await stack.sql<{ detail: object }>(
      "select detail from audit.events where subject_id = $1 and action = 'issue.reported'",
      [id],
    );
    expect(JSON.stringify(event?.detail)).not.toContain('alert');
  });

  test('from another site’s page is refused', async () => {
    const answered = await customer.post(`orders/${order}/report-issue`, damaged, {
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
      'Idempotency-Key': newKey(),
    });
    expect([answered.status, answered.body]).toMatchObject([
      403,
      { error: { code: 'origin_refused' } },
    ]);
  });

  test('is named, and its order with it, after the order is gone', async () => {
    const publishId = await publish(org, orderRows('MARA', 'M9'), orderFiles('M9'));
    const id = await orderId(customer, 'SO-M9');
    const { body } = await report(customer, id);
    await org.approver.post(`publishes/${publishId}/withdrawal`, { reason: 'Taken back' });
    const { issue } = await read(body.issue.id);
    expect(issue).toMatchObject({ orderNumber: 'SO-M9', orderId: null });
  });
});

describe('a photo', () => {
  test('is kept as it is, and shown as an image that can do nothing', async () => {
    const { id } = await reported();
    const bytes = jpeg(1234);
    const { status, body } = await addPhoto(customer, id, bytes, 'Crushed box.jpg');
    expect([status, body.photo]).toEqual([
      201,
      {
        id: expect.any(String),
        fileName: 'Crushed box.jpg',
        size: 1234,
        mediaType: 'image/jpeg',
      },
    ]);
    expect((await read(id)).photos).toEqual([body.photo]);
    const shown = await customer.bytes(`issues/${id}/photos/${body.photo.id}`);
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'content-security-policy': expect.stringContaining('sandbox'),
      'content-disposition': expect.stringMatching(/^inline; filename="Crushed box.jpg"/),
    });
    expect(await eventsOf(id)).toEqual(['issue.reported', 'issue.photo_added']);
  });

  test('sent again, as after a connection that died, is the photo that is there', async () => {
    const { id } = await reported();
    const bytes = jpeg();
    const first = await Promise.all([1, 2, 3].map(() => addPhoto(customer, id, bytes)));
    const again = await addPhoto(customer, id, bytes, 'renamed.jpg');
    expect(first.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect([again.status, again.body.photo.fileName]).toEqual([200, 'box.jpg']);
    expect(await countOf('issue_photos', id)).toBe(1);
  });

  test('the sixth is refused, also of six that come together, and an old one may still be sent again', async () => {
    const { id } = await reported();
    const bytes = Array.from({ length: 6 }, () => jpeg());
    const all = await Promise.all(bytes.map((one) => addPhoto(customer, id, one)));
    expect(all.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 409]);
    const late = await addPhoto(customer, id, jpeg());
    expect([late.status, late.body]).toMatchObject([409, { error: { code: 'too_many_photos' } }]);
    const kept = bytes.find((_, at) => all[at]?.status === 201) ?? jpeg();
    expect((await addPhoto(customer, id, kept)).status).toBe(200);
    expect(await countOf('issue_photos', id)).toBe(5);
  });

  test('of exactly 10 MB is taken, and of one byte more is not', async () => {
    const { id } = await reported();
    expect((await addPhoto(customer, id, jpeg(10_000_000))).status).toBe(201);
    const { status, body } = await addPhoto(customer, id, jpeg(10_000_001));
    expect([status, body]).toMatchObject([413, { error: { code: 'too_large' } }]);
    expect(await countOf('issue_photos', id)).toBe(1);
  });

  test.each([
    ['a program', 'MZ\x90\x00\x03'],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    [
      'a drawing that may hold scripts',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ],
    ['a GIF', 'GIF89a'],
    ['nothing at all', ''],
  ])('%s with a photo’s name is refused by its bytes, and none is stored', async (_, text) => {
    const { id } = await reported();
    const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
    const { status, body } = await addPhoto(customer, id, bytes, 'holiday.jpg');
    expect([status, body]).toMatchObject([415, { error: { code: 'photo_not_image' } }]);
    expect(await countOf('issue_photos', id)).toBe(0);
    const bucket = await stack.bucket();
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(await bucket.head(`${org.id}/photos/${hash}`)).toBeNull();
  });

  test('is not added to what is resolved', async () => {
    const { id } = await reported();
    await setStatus(id, 'resolved');
    const { status, body } = await addPhoto(customer, id, jpeg());
    expect([status, body]).toMatchObject([409, { error: { code: 'issue_resolved' } }]);
  });

  test('counts as one request', async () => {
    const { id } = await reported();
    const remaining = (headers: Headers) =>
      Number(/r=(\d+)/.exec(headers.get('RateLimit') ?? '')?.[1]);
    const before = await customer.me('issues');
    await addPhoto(customer, id, jpeg());
    const after = await customer.me('issues');
    expect(remaining(before.headers) - remaining(after.headers)).toBe(2);
  });

  test('whose bytes are gone is said to be, and is no page that fails', async () => {
    const { id } = await reported();
    const { body } = await addPhoto(customer, id, jpeg());
    const [row] = await stack.sql<{ sha256: string }>(
      'select sha256 from portal.issue_photos where id = $1',
      [body.photo.id],
    );
    await (await stack.bucket()).delete(`${org.id}/photos/${row?.sha256}`);
    const { status } = await customer.me(`issues/${id}/photos/${body.photo.id}`);
    expect(status).toBe(404);
    expect((await read(id)).photos).toHaveLength(1);
  });
});

describe('an answer', () => {
  test('is in the conversation under the person’s name, once', async () => {
    const { id } = await reported();
    const key = newKey();
    const first = await Promise.all([1, 2].map(() => answer(customer, id, '  Any news?  ', key)));
    expect(first.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect((await read(id)).messages).toEqual([
      {
        id: expect.any(String),
        author: 'customer',
        authorName: 'Contact of MARA',
        body: 'Any news?',
        createdAt: expect.any(String),
      },
    ]);
    expect(await eventsOf(id)).toEqual(['issue.reported', 'issue.answered']);
  });

  test('that was sent is not changed by other words under its key: they are refused, and sent under another', async () => {
    const { id } = await reported();
    const key = newKey();
    const { body } = await answer(customer, id, 'Any news?', key);
    const other = await answer(customer, id, 'Any news? It is urgent.', key);
    expect([other.status, other.body]).toMatchObject([
      409,
      { error: { code: 'sent_before', fields: { issueId: id, messageId: body.message.id } } },
    ]);
    expect((await read(id)).messages.map((message) => message.body)).toEqual(['Any news?']);
    expect((await answer(customer, id, 'Any news? It is urgent.')).status).toBe(201);
    expect((await answer(customer, id, 'Any news?', key)).status).toBe(200);
    expect((await read(id)).messages).toHaveLength(2);
    expect(await eventsOf(id)).toEqual(['issue.reported', 'issue.answered', 'issue.answered']);
  });

  test('is told of on its order’s page: who wrote last, and when', async () => {
    const { id } = await reported();
    type Listed = { issues: { id: string; lastMessage: { author: string; at: string } | null }[] };
    const listed = async () =>
      (await customer.me<Listed>(`orders/${order}`)).body.issues.find((issue) => issue.id === id);
    expect(await listed()).toMatchObject({ lastMessage: null });
    await answer(customer, id, 'Any news?');
    const [message] = (await read(id)).messages;
    expect(await listed()).toMatchObject({
      lastMessage: { author: 'customer', at: message?.createdAt },
    });
  });

  test('opens what was resolved again', async () => {
    const { id } = await reported();
    await setStatus(id, 'resolved');
    await answer(customer, id, 'It came back.');
    expect((await read(id)).issue.status).toBe('open');
    expect(await eventsOf(id)).toEqual(['issue.reported', 'issue.answered', 'issue.reopened']);
  });

  test('to what waited for it: in progress where staff have worked on it, open where not', async () => {
    const { id } = await reported();
    await setStatus(id, 'waiting_for_customer');
    await answer(customer, id, 'Here is what you asked for.');
    expect((await read(id)).issue.status).toBe('open');
    await setStatus(id, 'waiting_for_customer');
    const [member] = await stack.sql<{ id: string }>(
      'select id from staff.members where org_id = $1 limit 1',
      [org.id],
    );
    const { customerId } = await contactOf(stack, org, 'MARA');
    await stack.sql(
      `insert into portal.issue_messages (org_id, customer_id, issue_id, author, author_name, member_id, body, idempotency_key)
       values ($1, $2, $3, 'staff', 'Clara Nowak', $4, 'Which box?', 'staff-key')`,
      [org.id, customerId, id, member?.id],
    );
    await answer(customer, id, 'The upper one.');
    expect((await read(id)).issue.status).toBe('in_progress');
  });

  test.each([
    ['empty', ' \n '],
    ['of 4,001 characters', 'x'.repeat(4001)],
  ])('%s is refused', async (_, body) => {
    const { id } = await reported();
    expect((await answer(customer, id, body)).status).toBe(422);
    expect(await countOf('issue_messages', id)).toBe(0);
  });
});

describe('what is another’s', () => {
  test('is neither reported on, nor answered, nor given a photo, and is no different from nothing', async () => {
    const { id } = await reported();
    const other = await signIn(stack, org, 'ELSE');
    const nobody = crypto.randomUUID();
    const said = async (asked: Promise<{ status: number; body: unknown }>) => {
      const { status, body } = await asked;
      return [status, (body as { error: { code: string; message: string } }).error.message];
    };
    for (const [foreign, unknown] of [
      [report(other, order), report(other, nobody)],
      [answer(other, id, 'Mine now.'), answer(other, nobody, 'Mine now.')],
      [addPhoto(other, id, jpeg()), addPhoto(other, nobody, jpeg())],
    ] as const) {
      expect(await said(foreign)).toEqual(await said(unknown));
      expect((await foreign).status).toBe(404);
    }
    const { messages, photos } = await read(id);
    expect([messages, photos]).toEqual([[], []]);
  });

  test('a photo is not found under another report of one’s own', async () => {
    const [one, two] = [await reported(), await reported()];
    const { body } = await addPhoto(customer, one.id, jpeg());
    expect((await customer.me(`issues/${two.id}/photos/${body.photo.id}`)).status).toBe(404);
  });

  test('a member who looks as the customer changes nothing', async () => {
    const { id } = await reported();
    const { contactId } = await contactOf(stack, org, 'MARA');
    const preview = await org.clerk.post<{ url: string }>('previews', { contactId });
    const member = await openLink(stack, preview.body.url);
    const refused = [
      await report(member, order),
      await answer(member, id, 'Not mine to say.'),
      await addPhoto(member, id, jpeg()),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
    const { messages, photos } = await read(id);
    expect([messages, photos]).toEqual([[], []]);
  });
});

test('a link without financials shows no credit note’s number', async () => {
  const { id } = await reported();
  await stack.sql(
    "update portal.issue_reports set credit_note_number = 'CN-1', credit_note_key = 'CN1' where id = $1",
    [id],
  );
  expect((await read(id)).issue.creditNoteNumber).toBe('CN-1');
  const plain = await signIn(stack, org, 'MARA', 'no_financials');
  const { body } = await plain.me<IssuePage>(`issues/${id}`);
  expect(body.issue.creditNoteNumber).toBeNull();
});

test('a link in a mail may lead to a report', async () => {
  const { id } = await reported();
  const { url } = await makeLink(stack, org, 'MARA');
  const landed = await postLanding(stack, url, { to: `/issues/${id}` });
  expect([landed.status, landed.headers.get('Location')]).toEqual([303, `/issues/${id}`]);
});

test('the pages carry what they show, and a report’s form its order', async () => {
  const { id } = await reported();
  const inlined = async (path: string) => {
    const html = await (await customer.page(path)).text();
    const [, json = '{}'] = /id="page">(.*?)<\/script>/.exec(html) ?? [];
    return Object.keys(JSON.parse(json).resources);
  };
  expect(await inlined(`/issues/${id}`)).toEqual([`issues/${id}`]);
  expect(await inlined(`/orders/${order}/report`)).toEqual([`orders/${order}`]);
  const page = await stack.fetch(`${PORTAL}/issues/${id}`);
  expect(page.status).toBe(401);
});
