import { beforeAll, describe, expect, test } from 'vitest';
import { contactOf, customerRow, makeOrg, type Org, orderRows, publish, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { CONSOLE, PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
let customerId: string;
let contactId: string;
let publishId: string;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  publishId = await publish(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'Q1')]);
  customer = await signIn(stack, org, 'ANNA');
  ({ customerId, contactId } = await contactOf(stack, org, 'ANNA'));
});

type Refusal = {
  error: { code: string; message: string; fields?: Record<string, string>; requestId: string };
};
const NOBODY = '0198c0de-0000-7000-8000-000000000001';

describe('an id', () => {
  const IDS = ['7', 'null', "'%20or%20true", NOBODY.slice(1), `${NOBODY}0`, NOBODY, '%00'];

  test.each(IDS)('%s leads nowhere, for a customer', async (id) => {
    for (const path of [`orders/${id}`, `documents/${id}`, `orders/${id}/documents/${id}`]) {
      const { status, body } = await customer.me<Refusal>(path);
      expect([path, status, body.error?.code]).toEqual([path, 404, 'not_found']);
    }
    const page = await customer.page(`/orders/${id}`);
    expect(page.status).toBe(404);
    expect(page.headers.get('Content-Type')).toContain('text/html');
    expect(await page.text()).toContain('Not found');
  });

  test.each(IDS)('%s leads nowhere, for staff', async (id) => {
    const links = { contactId, delivery: 'copy' };
    const calls: [string, string, unknown?][] = [
      ['GET', `publishes/${id}/review`],
      ['POST', `publishes/${id}/approval`, { reviewHash: '0'.repeat(64) }],
      ['POST', `publishes/${id}/rejection`, { reason: 'because' }],
      ['POST', `publishes/${id}/withdrawal`, { reason: 'Taken back' }],
      ['POST', `publishes/${id}/withdrawal`, { reason: 'Taken back', customer: id }],
      ['GET', `publishes/${id}/outcome`],
      ['GET', `publishes/${id}/parts`],
      ['GET', `publishes/${id}/exposure-report`],
      ['GET', `publishes/${id}/exposure-report.csv`],
      ['GET', `documents/invoice/${id}/history`],
      ['PUT', `publishes/${id}/ticks`, { items: [{ kind: 'order', key: 'X' }], ticked: true }],
      ['GET', `publishes/${id}/files/a.pdf`],
      ['GET', `customers/${id}`],
      ['POST', `customers/${id}/links`, links],
      ['POST', `customers/${id}/links`, { ...links, delivery: 'mail' }],
      ['POST', `links/${id}/rotation`, {}],
      ['POST', `links/${id}/revocation`, {}],
      ['PUT', `contacts/${id}/access`, { access: 'paused' }],
      ['PUT', `members/${id}`, { name: 'X', role: 'clerk', language: 'en', active: true }],
    ];
    for (const [method, path, body] of calls) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await org.owner.send<Refusal>(method, path, text, 'application/json');
      expect([path, answer.status, answer.body.error?.code]).toEqual([path, 404, 'not_found']);
    }
  });
});

describe('a body or a query that does not validate', () => {
  const settings = async () => (await org.owner.get<Record<string, unknown>>('settings')).body;
  const wrong: [method: string, path: () => string, body: () => unknown, fields: string[]][] = [
    ['POST', () => 'publishes', () => ({}), ['name']],
    ['POST', () => 'publishes', () => ({ name: 'a\0b' }), ['name']],
    ['POST', () => 'publishes', () => [], ['json']],
    [
      'POST',
      () => `publishes/${publishId}/approval`,
      () => ({ reviewHash: 'x', confirmOwnImport: 'yes' }),
      ['confirmOwnImport', 'reviewHash'],
    ],
    ['POST', () => `publishes/${publishId}/rejection`, () => ({ reason: ' a ' }), ['reason']],
    [
      'POST',
      () => `publishes/${publishId}/rejection`,
      () => ({ reason: 'x'.repeat(501) }),
      ['reason'],
    ],
    [
      'PUT',
      () => `publishes/${publishId}/ticks`,
      () => ({ items: [{ kind: 'secret', key: '' }], ticked: 1 }),
      ['items.0.key', 'items.0.kind', 'ticked'],
    ],
    [
      'PUT',
      () => `publishes/${publishId}/ticks`,
      () => ({ items: [{ kind: 'order', key: 'a\0' }], ticked: true }),
      ['items'],
    ],
    [
      'POST',
      () => `customers/${customerId}/links`,
      () => ({ contactId: 'x', scope: 'some', delivery: 'fax', label: 'x'.repeat(81) }),
      ['contactId', 'delivery', 'label', 'scope'],
    ],
    ['PUT', () => `contacts/${contactId}/access`, () => ({ access: 'gone' }), ['access']],
    ['POST', () => `links/${NOBODY}/revocation`, () => ({ endAccess: 'yes' }), ['endAccess']],
    [
      'PUT',
      () => 'exposures',
      () => ({ customerKey: '', kinds: ['memo'], fields: ['margin'] }),
      ['customerKey', 'fields.0', 'kinds.0'],
    ],
    ['PUT', () => 'exposures', () => ({ customerKey: null, kinds: null, fields: null }), ['kinds']],
    [
      'POST',
      () => 'members',
      () => ({ email: 'x', name: '', role: 'king', language: 'de' }),
      ['email', 'language', 'name', 'role'],
    ],
    ['POST', () => 'members', () => ({ name: 'Neither', role: 'clerk' }), ['email']],
  ];

  test.each(wrong.map((row, at) => [at, ...row] as const))(
    'is refused with every field named (%i: %s)',
    async (_, method, path, body, fields) => {
      const text = JSON.stringify(body());
      const answer = await org.owner.send<Refusal>(method, path(), text, 'application/json');
      expect([answer.status, answer.body.error.code]).toEqual([422, 'invalid']);
      expect(Object.keys(answer.body.error.fields ?? {}).sort()).toEqual(fields);
    },
  );

  test('of the settings is refused with every field named', async () => {
    const body = {
      ...(await settings()),
      name: '',
      colour: 'red',
      contactEmail: 'x',
      hourlyRequestLimit: 19,
      orderWindowMonths: 1.5,
      requiresTwoPersons: 'no',
    };
    const answer = await org.owner.put<Refusal>('settings', body);
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.error.fields ?? {}).sort()).toEqual([
      'colour',
      'contactEmail',
      'hourlyRequestLimit',
      'name',
      'orderWindowMonths',
      'requiresTwoPersons',
    ]);
    const zone = await org.owner.put<Refusal>('settings', {
      ...(await settings()),
      timeZone: 'Mars/Olympus',
    });
    expect(zone).toMatchObject({ status: 422, body: { error: { code: 'invalid' } } });
    expect(Object.keys(zone.body.error.fields ?? {})).toEqual(['timeZone']);
  });

  test('of a logo that is no image of its type is refused', async () => {
    const send = async (type: string, body: BodyInit) => {
      const { status, body: told } = await org.owner.send<Refusal>(
        'PUT',
        'settings/logo',
        body,
        type,
      );
      return status < 300 ? status : `${status} ${told.error.code}`;
    };
    expect(await send('image/png', '<svg xmlns="http://www.w3.org/2000/svg"/>')).toBe(
      '415 unsupported_type',
    );
    expect(await send('image/svg+xml', '<html><svg></svg></html>')).toBe('415 unsupported_type');
    expect(await send('image/jpeg', 'x')).toBe('415 unsupported_type');
    expect(await send('image/png', new Uint8Array(200 * 1024 + 1))).toBe('413 too_large');
    expect(await send('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>')).toBe(200);
    const logo = await stack.fetch(`${PORTAL}/brand/${org.code}/logo`);
    expect(logo.status).toBe(200);
    expect(logo.headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*sandbox/);
  });

  test.each([
    ['orders?status=lost', ['status']],
    ['orders?cursor=x', ['cursor']],
    [`orders?cursor=2026-01-01~7`, ['cursor']],
    [`orders?cursor=now()~${NOBODY}`, ['cursor']],
    [`orders?q=${'x'.repeat(101)}&status=x`, ['q', 'status']],
    ['orders?q=%00', ['q']],
    ['orders?status=all&status=active', ['status']],
    [`documents/${NOBODY}?disposition=evil`, ['disposition']],
  ])('of a customer, %s, is refused by its field', async (path, fields) => {
    const { status, body } = await customer.me<Refusal>(path);
    expect([status, body.error?.code]).toEqual([422, 'invalid']);
    expect(Object.keys(body.error.fields ?? {}).sort()).toEqual(fields);
    expect(JSON.stringify(body)).not.toMatch(/evil|lost|now\(\)/);
  });

  test.each([
    ['publishes?cursor=x', ['cursor']],
    [
      `publishes/${NOBODY}/review?kind=x&change=x&show=x&cursor=-1`,
      ['change', 'cursor', 'kind', 'show'],
    ],
    ['audit?action=x&customer=x&cursor=x', ['action', 'cursor', 'customer']],
    [`customers?q=${'x'.repeat(101)}&cursor=x`, ['cursor', 'q']],
  ])('of staff, %s, is refused by its fields', async (path, fields) => {
    const { status, body } = await org.clerk.get<Refusal>(path);
    expect([status, body.error?.code]).toEqual([422, 'invalid']);
    expect(Object.keys(body.error.fields ?? {}).sort()).toEqual(fields);
  });
});

test('a field that no route knows changes nothing', async () => {
  const orgRow = () => stack.sql('select * from portal.orgs where id = $1', [org.id]);
  const members = () =>
    stack.sql('select * from staff.members where org_id = $1 order by id', [org.id]);
  const before = [await orgRow(), await members()];
  const { body: settings } = await org.owner.get<Record<string, unknown>>('settings');
  const taken = { id: NOBODY, slug: 'taken', code: 'ZZZZZZ', hasLogo: 'x', org_id: NOBODY };
  expect((await org.owner.put('settings', { ...settings, ...taken })).status).toBe(200);
  const { body } = await org.owner.get<{ members: Record<string, unknown>[] }>('members');
  const clerk = body.members.find(({ role }) => role === 'clerk');
  const changed = { ...clerk, ...taken, email: 'evil@evil.example', serviceName: 'evil' };
  expect((await org.owner.put(`members/${clerk?.id}`, changed)).status).toBe(200);
  expect([await orgRow(), await members()]).toEqual(before);
});

test('a body of the wrong type, too long or not even JSON is refused before it is used', async () => {
  const send = async (body: BodyInit, type: string) => {
    const answer = await org.clerk.send<Refusal>('POST', 'publishes', body, type);
    return [answer.status, answer.body.error.code];
  };
  expect(await send('{"name":"x"}', 'text/plain')).toEqual([415, 'unsupported_type']);
  expect(await send('{"name":"x"', 'application/json')).toEqual([422, 'invalid']);
  expect(await send('', 'application/json')).toEqual([422, 'invalid']);
  const long = JSON.stringify({ name: 'x'.repeat(256 * 1024) });
  expect(await send(long, 'application/json')).toEqual([413, 'too_large']);
  const untold = await stack.fetch(`${CONSOLE}/api/admin/${org.slug}/publishes`, {
    method: 'POST',
    headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token, 'Content-Type': 'application/json' },
    body: new Blob([long]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(untold.status).toBe(413);
});

test('an unknown path is 404: JSON for programs, a page for people', async () => {
  for (const path of ['/api', '/api/x', '/api/portal/x', '/api/portal/customer/me/x', '/hooks/x']) {
    const response = await stack.fetch(PORTAL + path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  }
  const staff = { 'Cf-Access-Jwt-Assertion': org.owner.token };
  const admin = await stack.fetch(`${CONSOLE}/api/admin/${org.slug}/x`, { headers: staff });
  expect([admin.status, ((await admin.json()) as Refusal).error.code]).toEqual([404, 'not_found']);
  for (const path of ['/x', '/order', '/customer', '/brand/zzzzzz/logo', '/wp-login.php']) {
    const response = await stack.fetch(PORTAL + path, { headers: { 'Accept-Language': 'pl' } });
    expect([path, response.status]).toEqual([path, 404]);
    expect(response.headers.get('Content-Type')).toContain('text/html');
    expect(await response.text()).toContain('Nie znaleziono');
  }
  const wrongMethod = await stack.fetch(`${PORTAL}/api/portal/session`);
  expect(wrongMethod.status).toBe(404);
});
