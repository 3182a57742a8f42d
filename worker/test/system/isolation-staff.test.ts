/**
 * Staff of one supplier reach nothing of another's: not through its name in the path, and not
 * through its ids below their own. Every staff route is in the table, or the first test fails.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addPhoto,
  contactOf,
  customerRow,
  makeChange,
  makeIssue,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  stageRows,
} from '../cast.ts';
import { openLink } from '../clients.ts';
import { routesByAudience } from '../routes-of.ts';
import { fingerprintOf, settle } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';
import { type Ask, type Ids, newLink, STAFF_ROUTES } from '../staff-routes.ts';

let stack: Stack;
let org: Org;
let other: Org;
let own: Ids;
let theirs: Ids;
let neighbour: Ids;
let untouched: Record<string, string>;
/** Not a row of either supplier, not an event, not a file is other than it was. */
const expectUntouched = async () =>
  expect(await fingerprintOf(stack, org.id, other.id)).toEqual(untouched);

/** Something of everything, under numbers that say whose it is. */
async function furnish(of: Org, code: string): Promise<Ids> {
  const approved = await publish(
    of,
    [customerRow(code, of), ...orderRows(code, `${code}1`)],
    orderFiles(`${code}1`),
  );
  const staged = await stageRows(
    of,
    [
      { ...customerRow(code, of), contact_email: `new@${of.slug}.example` },
      ...orderRows(code, `${code}2`),
    ],
    orderFiles(`${code}2`),
  );
  const { customerId, contactId } = await contactOf(stack, of, code);
  const { id, url } = await makeLink(stack, of, code);
  const customer = await openLink(stack, url);
  const home = await customer.me<{ documents: { id: string }[] }>('home');
  await customer.bytes(`documents/${home.body.documents[0]?.id}`);
  const [stamp] = await stack.sql<{ reference: string }>(
    'select reference from staff.stamps where org_id = $1 and customer_id = $2',
    [of.id, customerId],
  );
  const [alert] = await stack.sql<{ id: string }>(
    "insert into staff.alerts (org_id, kind, subject) values ($1, 'document_missing', $2) returning id",
    [of.id, code],
  );
  const issue = await makeIssue(stack, of, code, `${code}1`);
  const photo = await addPhoto(stack, of, issue, { fileName: `${code}.png` });
  const change = await makeChange(stack, of, code);
  const [letter] = await stack.sql<{ id: string }>(
    `insert into staff.outbox (org_id, event, recipient, contact_id, template, language, state, last_error)
     values ($1, 'a dead letter', $2, $3, 'access-link', 'en', 'dead', 'The mail provider refused the letter (422).')
     returning id`,
    [of.id, `dead-${code}@${of.slug}.example`, contactId],
  );
  const [suppression] = await stack.sql<{ id: string }>(
    "insert into staff.suppressions (org_id, email, reason) values ($1, $2, 'bounced') returning id",
    [of.id, `bounced-${code}@${of.slug}.example`],
  );
  const [shipment] = await stack.sql<{ id: string }>(
    'select id from portal.shipments where org_id = $1 and customer_id = $2',
    [of.id, customerId],
  );
  const review = await of.approver.get<{ hash: string; items: { kind: string; key: string }[] }>(
    `publishes/${staged}/review`,
  );
  const [clerk] = await stack.sql<{ id: string }>(
    "select id from staff.members where org_id = $1 and role = 'clerk' and email is not null",
    [of.id],
  );
  const [imported] = await stack.sql<{ id: string }>(
    'select id from staff.imports where publish_id = $1',
    [staged],
  );
  const [profile] = await stack.sql<{ id: string }>(
    'select id from staff.mapping_profiles where org_id = $1 order by used_at desc limit 1',
    [of.id],
  );
  return {
    publish: staged,
    approved,
    import: imported?.id ?? '',
    file: `INV-${code}2.pdf`,
    hash: review.body.hash,
    item: review.body.items.find(({ kind }) => kind === 'contact')?.key ?? '',
    customer: customerId,
    customerKey: code,
    contact: contactId,
    link: id,
    member: clerk?.id ?? '',
    reference: stamp?.reference ?? '',
    alert: alert?.id ?? '',
    profile: profile?.id ?? '',
    issue,
    change,
    photo,
    letter: letter?.id ?? '',
    suppression: suppression?.id ?? '',
    shipment: shipment?.id ?? '',
  };
}

beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  own = await furnish(org, 'MINE');
  neighbour = await furnish(org, 'NEAR');
  theirs = await furnish(other, 'THEIRS');
  await settle(stack, [org.id, other.id]);
  untouched = await fingerprintOf(stack, org.id, other.id);
});

type Person = 'clerk' | 'approver' | 'owner' | 'service';
const PEOPLE: Person[] = ['clerk', 'approver', 'owner', 'service'];

async function send(
  person: Person,
  slug: string,
  method: string,
  { path, body, bytes, type, headers }: Ask,
) {
  const client = org[person];
  const answer = await client.send<{
    error?: { code: string; message: string; requestId?: string };
  }>(
    method,
    `../${slug}/${path}`,
    body === undefined ? bytes : JSON.stringify(body),
    body === undefined ? type : 'application/json',
    headers,
  );
  if (answer.body.error !== undefined) {
    delete answer.body.error.requestId;
  }
  return { status: answer.status, body: answer.body };
}

const nobodys = (): Ids => {
  const id = () => crypto.randomUUID();
  return {
    publish: id(),
    approved: id(),
    import: id(),
    file: 'nobody.pdf',
    hash: theirs.hash,
    item: 'NOBODY:nobody@nobody.example',
    customer: id(),
    customerKey: 'NOBODY',
    contact: id(),
    link: id(),
    member: id(),
    reference: '0000-0000-0000-0000',
    alert: id(),
    profile: id(),
    issue: id(),
    change: id(),
    photo: id(),
    letter: id(),
    suppression: id(),
    shipment: id(),
  };
};
const methodOf = (route: string) => route.split(' ')[0] ?? '';

test('every staff route is in the table', () => {
  const listed = Object.keys(STAFF_ROUTES).map((route) => route.replace(' ', ' /api/admin/:org/'));
  expect(routesByAudience().staff).toEqual(listed.sort());
});

describe('the table asks rightly: with ids of one’s own, a reading route answers', () => {
  const reads = Object.entries(STAFF_ROUTES).filter(([route]) => methodOf(route) === 'GET');
  test.each(reads)('%s', async (route, { right }) => {
    expect((await send('owner', org.slug, methodOf(route), right(own))).status).toBe(200);
  });

  // Tracing a copy is itself an event.
  afterAll(async () => {
    untouched = await fingerprintOf(stack, org.id, other.id);
  });
});

describe('another supplier’s name in the path', () => {
  test.each(Object.entries(STAFF_ROUTES))('%s', async (route, { right }) => {
    for (const person of PEOPLE) {
      const refused = await send(person, other.slug, methodOf(route), right(theirs));
      // A machine may not even ask most of it, in whatever org: the same answer for all of them.
      const codes = person === 'service' ? ['not_found', 'forbidden'] : ['not_found'];
      expect(codes, `${person}: ${refused.status}`).toContain(refused.body.error?.code);
      const unknown = await send(person, 'no-such-org', methodOf(route), right(theirs));
      expect(refused, person).toEqual(unknown);
      expect(refused.body.error?.message).not.toBe('no such path');
    }
    await expectUntouched();
  });
});

describe('another supplier’s ids under one’s own name', () => {
  const asking = Object.entries(STAFF_ROUTES).filter(([, { foreign }]) => foreign !== undefined);
  test.each(asking)('%s', async (route, { foreign = () => [] }) => {
    const [nobody] = foreign(nobodys(), own);
    // The owner may do all that anyone may: a refusal is of the id, not of the role.
    const unknown = await send('owner', org.slug, methodOf(route), nobody ?? { path: '' });
    expect(unknown.body.error?.message).not.toBe('no such path');
    for (const ask of foreign(theirs, own)) {
      const refused = await send('owner', org.slug, methodOf(route), ask);
      expect(refused, ask.path).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
      expect(refused, ask.path).toEqual(unknown);
    }
    await expectUntouched();
  });

  test('every route with an id in its path has a foreign case', () => {
    const withId = Object.entries(STAFF_ROUTES).filter(([route]) => route.includes(':'));
    expect(withId.filter(([, { foreign }]) => foreign === undefined)).toEqual([]);
  });
});

test('a link is never made for a contact of another customer of the same supplier', async () => {
  for (const delivery of ['copy', 'mail']) {
    const body = newLink(neighbour.contact, delivery);
    const refused = await org.owner.post(`customers/${own.customer}/links`, body);
    expect(refused).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  }
  await expectUntouched();
});

test('no list holds anything of another supplier', async () => {
  const named = [...Object.values(theirs), other.id, other.slug, other.code];
  const lists = Object.keys(STAFF_ROUTES).filter(
    (route) => methodOf(route) === 'GET' && !route.includes(':'),
  );
  const paths = lists.map((route) => STAFF_ROUTES[route]?.right(own).path ?? '');
  const filters = [
    `audit?customer=${theirs.customer}`,
    `audit?actor=member:${theirs.member}`,
    `audit?subject=publish:${theirs.publish}`,
    `audit.csv?actor=contact:${theirs.contact}`,
    'customers?q=THEIRS',
    'customers?key=THEIRS',
    'issues?q=THEIRS',
    `issues?assignee=${theirs.member}`,
    `issues?customer=${theirs.customer}`,
    `change-requests?customer=${theirs.customer}`,
    'customers?q=%25',
    'outbox?q=THEIRS',
    'outbox?state=dead',
    'shipments?q=THEIRS',
    `shipments?customer=${theirs.customer}`,
    `publishes/${own.publish}/review?customer=THEIRS`,
  ];
  for (const path of [...paths, ...filters]) {
    const { status, body } = await org.owner.get(path);
    expect(status, path).toBe(200);
    const text = JSON.stringify(body);
    expect(
      named.filter((name) => text.includes(name)),
      path,
    ).toEqual([]);
  }
  const choice = await org.owner.get('../../admin');
  expect(choice.body).toMatchObject({ orgs: [{ slug: org.slug }] });
});

test('a cursor of another supplier’s list, or of another publish, leads to nothing of theirs', async () => {
  const named = [...Object.values(theirs), other.id, other.slug, other.code];
  const long = '2999-01-01T00:00:00Z';
  const paths = [
    `publishes?cursor=${long}~${theirs.publish}`,
    `customers?cursor=A~${theirs.customer}`,
    `outbox?cursor=${long}~${theirs.letter}`,
    'shipments?cursor=ffffffff-ffff-7fff-bfff-ffffffffffff',
    `audit?action=publish.approved&cursor=${long}~${theirs.publish}`,
    `audit.csv?action=publish.approved&cursor=${long}~${theirs.publish}`,
    `publishes/${own.publish}/review?cursor=0`,
    `publishes/${own.publish}/review?cursor=10000000`,
    `publishes/${own.publish}/review/customers?cursor=A~${theirs.customerKey}`,
  ];
  for (const path of paths) {
    const { status, body } = await org.owner.get(path);
    expect(status, path).toBe(200);
    const text = JSON.stringify(body);
    expect(
      named.filter((name) => text.includes(name)),
      path,
    ).toEqual([]);
  }
  // A place in another publish is a number, and counts in this one's review alone.
  const { body } = await org.owner.get<{ items: object[]; nextCursor: string | null }>(
    `publishes/${own.publish}/review?cursor=10000000`,
  );
  expect(body).toMatchObject({ items: [], nextCursor: null });
});

/** Last, since a refused decision is an event. Routes that are in neither list are any person's. */
describe('one’s own ids, in a role that may not', () => {
  const APPROVERS = [
    'PUT publishes/:id/overrides',
    'DELETE publishes/:id/overrides',
    'POST publishes/:id/approval',
    'POST publishes/:id/rejection',
    'POST publishes/:id/withdrawal',
    'PUT exposures',
  ];
  const OWNERS = ['PUT settings', 'PUT settings/logo', 'POST members', 'PUT members/:id'];
  const MACHINES = [
    'GET me',
    'GET publishes',
    'POST publishes',
    'GET publishes/:id/review',
    'GET publishes/:id/files',
    'GET publishes/:id/matching',
    'GET publishes/:id/files/:name',
    'PUT publishes/:id/files/:name',
    'DELETE publishes/:id/files/:name',
    'POST imports',
    'GET imports/:id',
    'GET imports/:id/problems.csv',
    'POST imports/:id/staging',
  ];
  const mayNot = (route: string): Person[] => [
    ...(MACHINES.includes(route) ? [] : (['service'] as const)),
    ...(APPROVERS.includes(route) || OWNERS.includes(route) ? (['clerk'] as const) : []),
    ...(OWNERS.includes(route) ? (['approver'] as const) : []),
  ];
  const cases = Object.entries(STAFF_ROUTES).flatMap(([route, { right }]) =>
    mayNot(route).map((person) => [person, route, right] as const),
  );

  test.each(cases)('%s: %s', async (person, route, right) => {
    const refused = await send(person, org.slug, methodOf(route), right(own));
    expect([refused.status, refused.body.error?.code]).toEqual([403, 'forbidden']);
  });

  test('changes nothing but the trail of refusals', async () => {
    const { 'audit.events': _, ...before } = untouched;
    const { 'audit.events': __, ...after } = await fingerprintOf(stack, org.id, other.id);
    expect(after).toEqual(before);
    const actions = await stack.sql(
      `select distinct e.action from audit.events e join staff.members m on m.id::text = e.actor_id::text
        where e.org_id = $1 and e.actor_kind = 'service'`,
      [org.id],
    );
    expect(actions.filter(({ action }) => action !== 'request.refused')).toEqual([]);
  });

  test('is said of routes that there are', () => {
    const known = Object.keys(STAFF_ROUTES);
    expect(
      [...APPROVERS, ...OWNERS, ...MACHINES].filter((route) => !known.includes(route)),
    ).toEqual([]);
  });
});
