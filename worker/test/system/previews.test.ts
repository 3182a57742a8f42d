/** A member sees the portal as a contact does: it is their look, not the customer's. */
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
} from '../cast.ts';
import { openLink, postLanding, type Staff } from '../clients.ts';
import { beginPreview, openPreview } from '../previews.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

type Visit = { link: { scope: string; isPreview: boolean; expiresAt: string } };
let stack: Stack;
let org: Org;
let contactId: string;
let customerId: string;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(
    org,
    [customerRow('ANNA', org), customerRow('BO', org), ...orderRows('ANNA', 'P1')],
    orderFiles('P1'),
  );
  ({ contactId, customerId } = await contactOf(stack, org, 'ANNA'));
});

const begin = (as: Staff = org.clerk, contact = contactId) => beginPreview(as, contact);
const preview = () => openPreview(stack, org.clerk, contactId);
const sql = async <T extends Record<string, unknown>>(query: string, params: unknown[]) =>
  (await stack.sql<T>(query, params))[0];

describe('a preview', () => {
  test('is begun by every role but a machine, and only for a contact of their own org', async () => {
    for (const person of [org.clerk, org.approver, org.owner]) {
      const { status, body } = await begin(person);
      expect(status).toBe(201);
      expect(body.url).toMatch(`${PORTAL}/customer/cfl01_${org.code}_`);
      expect(body.preview).toMatchObject({ contactId, customerId });
      const left = Date.parse(body.preview.expiresAt) - Date.now();
      expect(Math.round(left / 60_000)).toBe(10);
    }
    expect((await begin(org.service)).body.error?.code).toBe('forbidden');
    const unknown = await begin(org.owner, crypto.randomUUID());
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  test('is not to be had of a person whose access is paused, and ends when it is', async () => {
    const bo = await contactOf(stack, org, 'BO');
    const { body } = await begin(org.clerk, bo.contactId);
    const customer = await openLink(stack, body.url);
    expect((await customer.me('home')).status).toBe(200);
    await org.clerk.put(`contacts/${bo.contactId}/access`, { access: 'paused' });
    expect((await customer.me('home')).status).toBe(401);
    const refused = await begin(org.clerk, bo.contactId);
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { code: 'contact_not_allowed' } },
    });
    await org.clerk.put(`contacts/${bo.contactId}/access`, { access: 'allowed' });
  });

  test('is the portal itself, which says what it is, with the scope the person has', async () => {
    const bo = await contactOf(stack, org, 'BO');
    const first = await openLink(stack, (await begin(org.clerk, bo.contactId)).body.url);
    expect((await first.me<Visit>('home')).body.link).toMatchObject({
      scope: 'all',
      isPreview: true,
    });
    await makeLink(stack, org, 'BO', 'no_financials');
    const then = await openLink(stack, (await begin(org.clerk, bo.contactId)).body.url);
    expect((await then.me<Visit>('home')).body.link).toMatchObject({
      scope: 'no_financials',
      isPreview: true,
    });
    const own = await openLink(stack, (await makeLink(stack, org, 'BO')).url);
    expect((await own.me<Visit>('home')).body.link).toMatchObject({
      scope: 'all',
      isPreview: false,
    });
    for (const page of ['/', '/documents']) {
      expect(await (await then.page(page)).text()).toContain('"isPreview":true');
    }
  });

  test('opens once, and only by its button', async () => {
    const { body } = await begin();
    const path = `${PORTAL}/api/portal/customer/${body.url.split('/').at(-1)}/home`;
    expect((await stack.fetch(path)).status).toBe(401);
    expect((await stack.fetch(body.url)).status).toBe(200);
    await openLink(stack, body.url);
    expect((await postLanding(stack, body.url)).status).toBe(401);
  });

  test('ends ten minutes after it was begun, whatever was used of it, or written to its row', async () => {
    const { preview: begun, customer } = await preview();
    const age = (minutes: number) =>
      stack.sql(
        `update staff.access_links
            set created_at = created_at - make_interval(mins => $2), expires_at = expires_at - make_interval(mins => $2)
          where id = $1`,
        [begun.id, minutes],
      );
    await age(9);
    expect((await customer.me('home')).status).toBe(200);
    await age(1);
    expect((await customer.me('home')).status).toBe(401);
    await stack.sql(
      "update staff.access_links set expires_at = now() + interval '1 day' where id = $1",
      [begun.id],
    );
    expect((await customer.me('home')).status).toBe(401);
    const page = await (await customer.page('/')).text();
    expect(page).toContain('The preview is over');
    expect(page).toContain('You looked as Contact of ANNA, Customer ANNA.');
    expect(page).not.toContain('link-requests');
  });

  test('is never renewed, and asks for no new link', async () => {
    const { preview: begun, customer } = await preview();
    await stack.sql(
      "update staff.access_links set renewed_at = now() - interval '2 days' where id = $1",
      [begun.id],
    );
    const life = () =>
      sql<{ life: string }>(
        'select extract(epoch from expires_at - created_at)::int as life from staff.access_links where id = $1',
        [begun.id],
      );
    await customer.me('home');
    expect(Number((await life())?.life)).toBe(600);
    const asked = await stack.fetch(`${PORTAL}/api/portal/link-requests`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: PORTAL,
        'Sec-Fetch-Site': 'same-origin',
        Cookie: customer.cookie,
        'CF-Connecting-IP': '198.51.199.7',
      },
      body: new URLSearchParams({ org: org.code, link: 'remembered' }).toString(),
    });
    expect(asked.status).toBe(202);
    const letters = await stack.sql(
      "select from staff.outbox where contact_id = $1 and event like 'link.requested/%'",
      [contactId],
    );
    expect(letters).toEqual([]);
  });
});
