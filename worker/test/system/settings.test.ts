/** What an owner sets for the whole supplier: refused where it makes no sense, told in the trail. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  customerRow,
  day,
  makeLink,
  makeOrg,
  type Org,
  publish,
  setSettings,
  signIn,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org)]);
});

type Refusal = { error?: { code: string; fields?: Record<string, string> } };
type Settings = Record<string, unknown>;
const settings = async () => (await org.owner.get<Settings>('settings')).body;
const changes = async () => {
  const { body } = await org.owner.get<{ events: { detail: Record<string, unknown> }[] }>(
    'audit?action=settings.changed',
  );
  return body.events.map(({ detail }) => detail);
};

test('a new supplier speaks English and names no currency', async () => {
  expect(await settings()).toMatchObject({ locale: 'en', currency: null });
});

test('a currency is one of ISO 4217, however it is typed, and may be none', async () => {
  for (const currency of ['EURO', 'XQQ', '', 'E R']) {
    const refused = await org.owner.put<Refusal>('settings', { ...(await settings()), currency });
    expect([currency, refused.status, Object.keys(refused.body.error?.fields ?? {})]).toEqual([
      currency,
      422,
      ['currency'],
    ]);
  }
  await setSettings(org, { currency: 'pln' });
  expect(await settings()).toMatchObject({ currency: 'PLN' });
  expect((await changes())[0]).toEqual({
    fields: ['currency'],
    before: { currency: null },
    after: { currency: 'PLN' },
  });
  await setSettings(org, { currency: null });
  expect(await settings()).toMatchObject({ currency: null });
});

test('a language is one that the product speaks', async () => {
  const refused = await org.owner.put<Refusal>('settings', { ...(await settings()), locale: 'de' });
  expect(refused).toMatchObject({ status: 422, body: { error: { fields: { locale: {} } } } });
});

test('public pages and new members speak the supplier’s language where nobody said another', async () => {
  await setSettings(org, { locale: 'es' });
  const { url } = await makeLink(stack, org, 'ANNA');
  const languageOf = async (headers: Record<string, string>) => {
    const page = await (await stack.fetch(url, { headers })).text();
    return /<html lang="(\w+)"/.exec(page)?.[1];
  };
  expect(await languageOf({})).toBe('es');
  expect(await languageOf({ 'Accept-Language': 'de' })).toBe('es');
  expect(await languageOf({ 'Accept-Language': 'pl-PL, de' })).toBe('pl');
  const mangled = await stack.fetch(url.slice(0, -1));
  expect(await mangled.text()).toContain('<html lang="es"');
  const email = `nuevo@${org.slug}.example`;
  const made = await org.owner.post<{ id: string }>('members', {
    email,
    name: 'Nuevo',
    role: 'clerk',
  });
  expect(made.status).toBe(201);
  const { body } = await org.owner.get<{ members: { id: string; language: string }[] }>('members');
  expect(body.members.find(({ id }) => id === made.body.id)).toMatchObject({ language: 'es' });
});

test('what is saved unchanged leaves no event', async () => {
  const before = await changes();
  await setSettings(org, {});
  expect(await changes()).toEqual(before);
});

test('a new logo leaves one', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  expect((await org.owner.send('PUT', 'settings/logo', svg, 'image/svg+xml')).status).toBe(200);
  expect((await changes())[0]).toEqual({ fields: ['logo'], before: {}, after: {} });
});

test('two owners who save after one another undo nothing of each other’s', async () => {
  expect((await org.owner.put('settings', { colour: '#123456' })).status).toBe(200);
  expect((await org.owner.put('settings', { draftWindowDays: 3 })).status).toBe(200);
  expect(await settings()).toMatchObject({ colour: '#123456', draftWindowDays: 3 });
  expect(await changes()).toMatchObject([
    { fields: ['draft_window_days'] },
    { fields: ['colour'] },
    ...Array<object>(Math.max(0, (await changes()).length - 2)).fill({}),
  ]);
  // Saved unchanged, nothing is.
  const before = await settings();
  const nothing = await org.owner.put<Settings>('settings', {});
  expect([nothing.status, nothing.body]).toEqual([200, before]);
  expect((await org.approver.put('settings', {})).status).toBe(403);
});

test('of lists too: a link is its carrier’s own, a kind that is stamped or not is its own', async () => {
  const link = (name: string) => `https://${name}.example/{tracking_number}`;
  const put = async (change: Settings) => (await org.owner.put('settings', change)).status;
  await setSettings(org, {
    unstampedKinds: ['invoice'],
    trackingLinks: { Gls: link('gls'), Van: link('van') },
  });
  // Both had the page open when these were two.
  expect(await put({ trackingLinks: { Dpd: link('dpd') } })).toBe(200);
  expect(await put({ trackingLinks: { Van: null } })).toBe(200);
  expect(await put({ unstampedKinds: { packing_slip: true } })).toBe(200);
  expect(await put({ unstampedKinds: { invoice: false } })).toBe(200);
  expect(await settings()).toMatchObject({ unstampedKinds: ['packing_slip'] });
  expect((await settings()).trackingLinks).toEqual({ Gls: link('gls'), Dpd: link('dpd') });
  expect((await changes()).slice(0, 3)).toEqual([
    {
      fields: ['unstamped_kinds'],
      before: { unstamped_kinds: ['invoice', 'packing_slip'] },
      after: { unstamped_kinds: ['packing_slip'] },
    },
    {
      fields: ['unstamped_kinds'],
      before: { unstamped_kinds: ['invoice'] },
      after: { unstamped_kinds: ['invoice', 'packing_slip'] },
    },
    {
      fields: ['tracking_links'],
      before: { tracking_links: { Gls: link('gls'), Van: link('van'), Dpd: link('dpd') } },
      after: { tracking_links: { Gls: link('gls'), Dpd: link('dpd') } },
    },
  ]);
  // What is so already is no change.
  const told = (await changes()).length;
  expect(await put({ trackingLinks: { Van: null }, unstampedKinds: { invoice: false } })).toBe(200);
  expect(await changes()).toHaveLength(told);
});

test('there are 50 carriers at most, in however many steps they come', async () => {
  const links = (count: number, name: string) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `${name} ${at}`,
        'https://a.example/{tracking_number}',
      ]),
    );
  const had = Object.keys((await settings()).trackingLinks ?? {}).length;
  expect((await org.owner.put('settings', { trackingLinks: links(50 - had, 'A') })).status).toBe(
    200,
  );
  const told = (await changes()).length;
  const refused = await org.owner.put<Refusal>('settings', {
    trackingLinks: links(1, 'B'),
    colour: '#000001',
  });
  expect([refused.status, Object.keys(refused.body.error?.fields ?? {})]).toEqual([
    422,
    ['trackingLinks'],
  ]);
  expect(await changes()).toHaveLength(told);
  expect(await settings()).not.toMatchObject({ colour: '#000001' });
});

describe('a visibility window holds from the next request', () => {
  let windowed: Org;
  let numbers: () => Promise<string[]>;
  let isOpen: (number: string) => Promise<boolean>;
  beforeAll(async () => {
    windowed = await makeOrg(stack);
    await setSettings(windowed, { hourlyRequestLimit: 5000 });
    const order = (number: string, placed: number, more: Record<string, string> = {}) => ({
      customer_code: 'A',
      order_number: number,
      order_date: day(placed),
      ...more,
    });
    const cancelled = (days: number) => ({ order_status: 'cancelled', cancelled_on: day(days) });
    await publish(windowed, [
      customerRow('A', windowed),
      order('NEW', -5),
      order('OLD', -100),
      order('GONE', -20, cancelled(-2)),
      order('LONG-GONE', -20, cancelled(-12)),
      order('DRAFT', -20, { order_status: 'draft' }),
      order('OLD-DRAFT', -20, { order_status: 'draft' }),
    ]);
    await stack.sql(
      `update portal.orders set first_shown_at = now() - interval '12 days'
        where org_id = $1 and number = 'OLD-DRAFT'`,
      [windowed.id],
    );
    const ids = await stack.sql<{ id: string; number: string }>(
      'select id, number from portal.orders where org_id = $1',
      [windowed.id],
    );
    // One session throughout: what changes is the setting alone.
    const anna = await signIn(stack, windowed, 'A');
    numbers = async () => {
      const { body } = await anna.me<{ orders: { number: string }[] }>('orders');
      return body.orders.map(({ number }) => number).sort();
    };
    isOpen = async (number) => {
      const id = ids.find((row) => row.number === number)?.id;
      const { status } = await anna.me(`orders/${id}`);
      expect([200, 404]).toContain(status);
      return status === 200;
    };
  });

  test.each([
    { window: 'orderWindowMonths', of: 'OLD', short: 2, long: 24 },
    { window: 'cancelledWindowDays', of: 'LONG-GONE', short: 10, long: 30 },
    { window: 'draftWindowDays', of: 'OLD-DRAFT', short: 10, long: 30 },
    // None of them is shown at all.
    { window: 'cancelledWindowDays', of: 'GONE', short: 0, long: 30 },
    { window: 'draftWindowDays', of: 'DRAFT', short: 0, long: 30 },
  ])('$window of $short hides $of, of $long shows it', async ({ window, of, short, long }) => {
    await setSettings(windowed, {
      orderWindowMonths: 24,
      cancelledWindowDays: 30,
      draftWindowDays: 30,
    });
    const all = await numbers();
    expect(all).toEqual(['DRAFT', 'GONE', 'LONG-GONE', 'NEW', 'OLD', 'OLD-DRAFT']);
    await setSettings(windowed, { [window]: short });
    // Nothing but what this window is of.
    const hidden = short === 0 ? all.filter((number) => number.endsWith(of)) : [of];
    expect(await numbers()).toEqual(all.filter((number) => !hidden.includes(number)));
    expect(await isOpen(of)).toBe(false);
    await setSettings(windowed, { [window]: long });
    expect(await numbers()).toEqual(all);
    expect(await isOpen(of)).toBe(true);
  });
});
