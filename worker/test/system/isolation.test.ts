/**
 * A customer sees their own, whatever ids they send. Every route a customer can reach is in the
 * table of customer-routes.ts, or the first test fails.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  contactOf,
  customerRow,
  day,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  stageRows,
} from '../cast.ts';
import { openLink } from '../clients.ts';
import { API, BODIES, CUSTOMER_ROUTES, type Foreign, LISTS } from '../customer-routes.ts';
import { addPhoto, jpeg, report } from '../reports.ts';
import { OF_NOBODY, routesByAudience } from '../routes-of.ts';
import { fingerprintOf, settle } from '../rows-of.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

type Viewer = { code: string; customerId: string; token: string; cookie: string };
type Thing = { id: string; number: string; orderId: string | null };

let stack: Stack;
let org: Org;
let other: Org;
/** Live and formerly live things by number, `SO-A1`, `INV-A1`, `PS-A1`; the other org's with `other:`. */
const things = new Map<string, Thing>();
/** An issue and its photo by the order it is about, `SO-A1`; the other org's with `other:`. */
const reported = new Map<string, [issue: string, photo: string]>();
let staged: string[];
let full: Viewer;
let empty: Viewer;
let withoutFinancials: Viewer;

const id = (number: string) => {
  const thing = things.get(number);
  if (thing === undefined) {
    throw new Error(`the cast has no ${number}`);
  }
  return thing.id;
};
const foreign = (tag: string, prefix = ''): Foreign => ({
  orders: [id(`${prefix}SO-${tag}`)],
  documents: [id(`${prefix}INV-${tag}`), id(`${prefix}PS-${tag}`)],
  inOrder: [],
  ...issuesOf(`${prefix}SO-${tag}`),
  invoices: [id(`${prefix}invoice INV-${tag}`)],
});
function issuesOf(order: string): Pick<Foreign, 'issues' | 'photos'> {
  const known = reported.get(order);
  return known === undefined ? {} : { issues: [known[0]], photos: [known] };
}

/** The customer of an order reports it, with a photo. */
async function complain(code: string, tag: string, of = org, prefix = '') {
  const { url } = await makeLink(stack, of, code);
  const customer = await openLink(stack, url);
  const { body } = await report(customer, id(`${prefix}SO-${tag}`));
  const photo = await addPhoto(customer, body.issue.id, jpeg());
  reported.set(`${prefix}SO-${tag}`, [body.issue.id, photo.body.photo.id]);
}

async function remember(of: Org, prefix = '') {
  const rows = await stack.sql<Thing>(
    `select id, number, null as "orderId" from portal.orders where org_id = $1
     union all select id, number, order_id from portal.documents where org_id = $1
     union all select id, 'invoice ' || number, order_id from portal.invoices where org_id = $1`,
    [of.id],
  );
  for (const row of rows) {
    things.set(`${prefix}${row.number}`, row);
  }
}

async function view(code: string, scope: 'all' | 'no_financials' = 'all'): Promise<Viewer> {
  const { customerId } = await contactOf(stack, org, code);
  const { url, token } = await makeLink(stack, org, code, scope);
  const { cookie } = await openLink(stack, url);
  return { code, customerId, token, cookie };
}

let addresses = 0;
type By = 'cookie' | 'token';
/** One request of a viewer, from an address of its own: the shield by IP is not what is tested. */
function ask({ token, cookie }: Viewer, by: By, path: string, method = 'GET', body?: object) {
  addresses += 1;
  const address = `203.0.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`;
  const isBytes = body instanceof Uint8Array;
  return stack.fetch(`${PORTAL}${path.replace(':token', by === 'cookie' ? 'me' : token)}`, {
    method,
    headers: {
      'CF-Connecting-IP': address,
      ...(by === 'cookie' ? { Cookie: cookie, Origin: PORTAL } : {}),
      ...(body && {
        'Content-Type': isBytes ? 'image/jpeg' : 'application/json',
        'Idempotency-Key': crypto.randomUUID(),
      }),
    },
    ...(body && { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
  });
}
/** A page has no token in its path: only the cookie opens it. */
const credentials = (path: string): By[] =>
  path.includes(':token') ? ['cookie', 'token'] : ['cookie'];

/** What an answer says, but for the request's own id. */
async function said(response: Response) {
  const text = await response.text();
  const told = response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
  if (told.error !== undefined) {
    delete told.error.requestId;
  }
  return { status: response.status, told };
}

beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  const orgIds = `{${org.id},${other.id}}`;
  await stack.sql(
    'update portal.orgs set hourly_request_limit = 10000 where id = any ($1::uuid[])',
    [orgIds],
  );
  const inState = (tag: string, fields: Record<string, string>) =>
    orderRows('ALFA', tag).map((row, at) => (at === 0 ? { ...row, ...fields } : row));
  const tags = ['A1', 'A2', 'OLD', 'CANCELLED', 'DRAFT', 'PENDING', 'B1'];
  await publish(
    org,
    [
      ...['ALFA', 'BETA', 'NADA'].map((code) => customerRow(code, org)),
      ...orderRows('ALFA', 'A1'),
      ...orderRows('ALFA', 'A2'),
      ...orderRows('ALFA', 'OLD'),
      ...inState('CANCELLED', { order_status: 'cancelled', cancelled_on: day(-90) }),
      ...inState('DRAFT', { order_status: 'draft' }),
      ...inState('PENDING', { order_status: 'pending' }),
      ...orderRows('BETA', 'B1'),
    ],
    Object.assign({}, ...tags.map(orderFiles)),
  );
  // Who they are is said by another publish too, so that they may still look.
  await publish(org, [customerRow('GONE', org)]);
  const withdrawn = await publish(
    org,
    [customerRow('GONE', org), ...orderRows('GONE', 'W1'), ...orderRows('ALFA', 'W2')],
    { ...orderFiles('W1'), ...orderFiles('W2') },
  );
  await remember(org);
  await org.approver.post(`publishes/${withdrawn}/withdrawal`, { reason: 'Taken back' });
  const publishId = await stageRows(
    org,
    [customerRow('NEVER', org), ...orderRows('NEVER', 'N1'), ...orderRows('ALFA', 'N2')],
    { ...orderFiles('N1'), ...orderFiles('N2') },
  );
  const files = await stack.sql<{ id: string }>(
    `select id from staff.staged_files where publish_id = $1 union all
     select id from staff.imports where publish_id = $1`,
    [publishId],
  );
  staged = [publishId, ...files.map((file) => file.id)];
  // The same codes and numbers as the first org's: only the org tells them apart.
  await publish(other, [customerRow('ALFA', other), ...orderRows('ALFA', 'A1')], orderFiles('A1'));
  await remember(other, 'other:');
  full = await view('ALFA');
  empty = await view('NADA');
  withoutFinancials = await view('ALFA', 'no_financials');
  await complain('ALFA', 'A1');
  await complain('ALFA', 'A2');
  await complain('BETA', 'B1');
  await complain('ALFA', 'A1', other, 'other:');
  await settle(stack, [org.id, other.id]);
});

/** A foreign thing, an unknown one and nothing at all are one answer, whichever way it is asked. */
async function expectNothing(viewer: Viewer, wanted: Foreign) {
  const unknown = () => crypto.randomUUID();
  const nobody: Foreign = {
    orders: [unknown()],
    documents: [unknown()],
    inOrder: [[unknown(), unknown()]],
    issues: [unknown()],
    invoices: [unknown()],
    photos: [[unknown(), unknown()]],
  };
  const ownOrder = viewer === empty ? unknown() : id('SO-A1');
  for (const [route, paths] of Object.entries(CUSTOMER_ROUTES)) {
    if (paths === 'list') {
      continue;
    }
    // A route at a time: all at once is more than a database of one process answers within its time.
    const asked: Promise<void>[] = [];
    const [nobodys = ''] = paths(nobody, ownOrder);
    const method = route.split(' ')[0] ?? '';
    for (const by of credentials(nobodys)) {
      const unknownIs = ask(viewer, by, nobodys, method, BODIES[route]).then(said);
      const expectUnknown = async (path: string) => {
        const place = `${viewer.code} by ${by}: ${route}: ${path}`;
        const [answer, head] = await Promise.all([
          ask(viewer, by, path, method, BODIES[route]).then(said),
          method === 'GET' && ask(viewer, by, path, 'HEAD'),
        ]);
        expect(answer.status, place).toBe(404);
        expect(answer, place).toEqual(await unknownIs);
        if (typeof answer.told === 'object') {
          expect(answer.told.error.code, place).toBe('not_found');
        }
        if (head) {
          expect([head.status, await head.text()], `HEAD ${place}`).toEqual([404, '']);
        }
      };
      asked.push(...paths(wanted, ownOrder).map(expectUnknown));
    }
    await Promise.all(asked);
  }
}

/** Whether each of the paths answers 200: what a hidden thing was before it was hidden. */
async function expectShown(viewer: Viewer, shown: Foreign) {
  for (const [route, paths] of Object.entries(CUSTOMER_ROUTES)) {
    for (const path of paths === 'list' || BODIES[route]
      ? []
      : paths({ ...shown, documents: [] }, '')) {
      for (const by of credentials(path)) {
        expect((await ask(viewer, by, path)).status, `${by}: ${path}`).toBe(200);
      }
    }
  }
}

test('every route that a customer can reach is in the table, or named as showing nobody’s rows', () => {
  expect(routesByAudience().nobody).toEqual([...OF_NOBODY].sort());
  expect(routesByAudience().customer).toEqual(Object.keys(CUSTOMER_ROUTES).sort());
});

describe('a foreign id is an unknown id', () => {
  test('of another customer of the same supplier', () => expectNothing(full, foreign('B1')));

  test('of a customer of another supplier, and nothing happens there', async () => {
    const before = await fingerprintOf(stack, other.id);
    await expectNothing(full, foreign('A1', 'other:'));
    expect(await fingerprintOf(stack, other.id)).toEqual(before);
  });

  test('of what was withdrawn, one’s own or another’s', async () => {
    await expectNothing(full, foreign('W1'));
    await expectNothing(full, foreign('W2'));
  });

  test('of what is only staged', () =>
    expectNothing(full, { orders: staged, documents: staged, inOrder: [] }));

  test('for a customer who has nothing at all', async () => {
    await expectNothing(empty, foreign('A1'));
    await expectNothing(empty, foreign('B1'));
  });

  test('of one’s own document under another order', async () => {
    const [a1, a2] = [id('SO-A1'), id('SO-A2')];
    const own: [string, string][] = ['INV-A1', 'PS-A1'].map((number) => [a1, id(number)]);
    const invoices = [id('invoice INV-A1')];
    await expectShown(full, { orders: [a1], documents: [], inOrder: own, invoices });
    await expectNothing(full, {
      orders: [],
      documents: [],
      inOrder: own.map(([, document]): [string, string] => [a2, document]),
    });
  });

  test('of one’s own photo under another issue', async () => {
    const [[one, photo] = ['', ''], [two] = ['']] = ['SO-A1', 'SO-A2'].map((order) =>
      reported.get(order),
    );
    const of: Foreign = { orders: [], documents: [], inOrder: [] };
    await expectShown(full, { ...of, issues: [one], photos: [[one, photo]] });
    await expectNothing(full, { ...of, photos: [[two, photo]] });
  });

  test('of a document with amounts, through a link without them', async () => {
    const order = id('SO-A1');
    await expectShown(withoutFinancials, {
      orders: [order],
      documents: [],
      inOrder: [[order, id('PS-A1')]],
    });
    await expectNothing(withoutFinancials, {
      orders: [],
      documents: [id('INV-A1')],
      inOrder: [[order, id('INV-A1')]],
      invoices: [id('invoice INV-A1')],
    });
  });

  test('of an invoice whose order is pending or draft', async () => {
    const invoices = ['PENDING', 'DRAFT'].map((tag) => id(`INV-${tag}`));
    const orders = [id('SO-PENDING'), id('SO-DRAFT')];
    await expectShown(full, { orders, documents: [], inOrder: [] });
    await expectNothing(full, {
      orders: [],
      documents: invoices,
      invoices: ['PENDING', 'DRAFT'].map((tag) => id(`invoice INV-${tag}`)),
      inOrder: orders.flatMap((order) => invoices.map((one): [string, string] => [order, one])),
    });
  });

  test.each([
    [
      'older than 24 months',
      'OLD',
      "placed_on = current_date - interval '24 months'",
      'placed_on = placed_on - 1',
    ],
    [
      'cancelled more than 90 days ago',
      'CANCELLED',
      'cancelled_on = current_date - 90',
      'cancelled_on = cancelled_on - 1',
    ],
    [
      'a draft first shown more than 7 days ago',
      'DRAFT',
      "first_shown_at = now() - interval '6 days 23 hours'",
      "first_shown_at = first_shown_at - interval '1 hour 1 second'",
    ],
  ])('of an order %s, with what hangs on it', async (_, tag, onTheLastDay, aDayLater) => {
    const order = id(`SO-${tag}`);
    const slip = id(`PS-${tag}`);
    const age = (how: string) =>
      stack.sql(`update portal.orders set ${how} where id = $1`, [order]);
    await age(onTheLastDay);
    await expectShown(full, { orders: [order], documents: [], inOrder: [[order, slip]] });
    await age(aDayLater);
    await expectNothing(full, {
      orders: [order],
      documents: [slip],
      inOrder: [[order, id(`INV-${tag}`)]],
    });
  });
});

describe('no list holds a foreign row', () => {
  /** Ids of every live row that is not this customer's. */
  async function othersIds(customerId: string): Promise<string[]> {
    const tables = [
      'orders',
      'order_lines',
      'shipments',
      'documents',
      'invoices',
      'contacts',
      'issue_reports',
      'issue_photos',
    ];
    const rows = await stack.sql<{ id: string }>(
      `${tables.map((table) => `select id from portal.${table} where customer_id <> $1`).join(' union all ')}
       union all select id from portal.customers where id <> $1 union all select id from staff.publishes`,
      [customerId],
    );
    return rows.map((row) => row.id);
  }

  test.each(['ALFA', 'NADA'])('%s', async (code) => {
    const viewer = code === 'ALFA' ? full : empty;
    const others = await othersIds(viewer.customerId);
    expect(others).toContain(id('SO-B1'));
    for (const path of LISTS) {
      for (const by of credentials(path)) {
        const response = await ask(viewer, by, path);
        const text = await response.text();
        expect(response.status, path).toBe(200);
        expect(
          others.filter((one) => text.includes(one)),
          `${by}: ${path}`,
        ).toEqual([]);
      }
    }
  });

  test('what a customer has is there, and what is hidden, withdrawn or staged is not', async () => {
    const answer = await ask(full, 'token', `${API}/orders`);
    const shown = (await answer.json()) as { orders: Thing[] };
    const numbers = shown.orders.map(({ number }) => number).sort();
    // The three windows were closed above, one order each.
    expect(numbers).toEqual(['SO-A1', 'SO-A2', 'SO-PENDING']);
  });

  test('a customer with nothing sees empty lists', async () => {
    const home = await (await ask(empty, 'cookie', `${API}/home`)).json();
    expect(home).toMatchObject({
      customer: { code: 'NADA' },
      orders: [],
      nextCursor: null,
      documents: [],
      counts: { all: 0, active: 0, shipped: 0, delivered: 0, cancelled: 0 },
    });
    const orders = await (await ask(empty, 'token', `${API}/orders`)).json();
    expect(orders).toEqual({ orders: [], nextCursor: null });
  });
});

test('approving again what was withdrawn for one customer shows it to no other', async () => {
  // SO-W1 was GONE's and was withdrawn; the number then comes back as BETA's.
  const publishId = await stageRows(org, orderRows('BETA', 'W1'), orderFiles('W1'));
  expect((await approve(org, publishId)).status).toBe(200);
  const rows = await stack.sql<{ code: string }>(
    `select distinct c.code from portal.orders o join portal.customers c on c.id = o.customer_id
      where o.org_id = $1 and o.number = 'SO-W1'`,
    [org.id],
  );
  expect(rows).toEqual([{ code: 'BETA' }]);
  const gone = await view('GONE');
  const home = await (await ask(gone, 'cookie', `${API}/home`)).json();
  expect(home).toMatchObject({ orders: [], documents: [] });
});
