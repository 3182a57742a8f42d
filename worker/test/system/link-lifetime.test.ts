import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
} from '../cast.ts';
import { type Customer, openLink, postLanding } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'E1')], orderFiles('E1'));
});

describe('the life of a link', () => {
  /** Days from now until it expires, and from its making. */
  const daysLeft = async (id: string) => {
    const [row] = await stack.sql<{ left: string; life: string }>(
      `select extract(epoch from expires_at - now()) / 86400 as left,
              extract(epoch from expires_at - created_at) / 86400 as life
         from staff.access_links where id = $1`,
      [id],
    );
    return { left: Math.round(Number(row?.left)), life: Math.round(Number(row?.life)) };
  };
  const age = (id: string, days: number, renewed = days) =>
    stack.sql(
      `update staff.access_links
          set created_at = created_at - make_interval(days => $2), expires_at = expires_at - make_interval(days => $2),
              renewed_at = now() - make_interval(days => $3)
        where id = $1`,
      [id, days, renewed],
    );
  const opened = async () => {
    const { id, url } = await makeLink(stack, org, 'ANNA');
    return { id, url, customer: await openLink(stack, url) };
  };
  const use = async (customer: Customer) => {
    const { status } = await customer.me('orders');
    expect(status).toBe(200);
  };

  test('is 90 days, and a use of its session makes it 90 again', async () => {
    const { id, url, customer } = await opened();
    expect(await daysLeft(id)).toEqual({ left: 90, life: 90 });
    await age(id, 80);
    expect(await daysLeft(id)).toEqual({ left: 10, life: 90 });
    await stack.fetch(url);
    expect((await daysLeft(id)).left).toBe(10);
    await use(customer);
    expect(await daysLeft(id)).toEqual({ left: 90, life: 170 });
  });

  test('is renewed once a day at most', async () => {
    const { id, customer } = await opened();
    await age(id, 80);
    await stack.sql(
      "update staff.access_links set renewed_at = now() - interval '23 hours 59 minutes' where id = $1",
      [id],
    );
    await use(customer);
    expect((await daysLeft(id)).left).toBe(10);
    await stack.sql(
      "update staff.access_links set renewed_at = now() - interval '24 hours 1 minute' where id = $1",
      [id],
    );
    await use(customer);
    expect((await daysLeft(id)).left).toBe(90);
  });

  test('ends a year after its making, however much it is used', async () => {
    const { id, customer } = await opened();
    await age(id, 80);
    await stack.sql(
      "update staff.access_links set created_at = now() - interval '300 days' where id = $1",
      [id],
    );
    await use(customer);
    expect(await daysLeft(id)).toEqual({ left: 65, life: 365 });
  });

  test('that came with a mail, or was rotated out, is never longer', async () => {
    const mailed = await opened();
    await stack.sql("update staff.access_links set purpose = 'notification' where id = $1", [
      mailed.id,
    ]);
    await age(mailed.id, 80);
    await use(mailed.customer);
    expect((await daysLeft(mailed.id)).left).toBe(10);

    const old = await opened();
    const rotated = await org.clerk.post<{ link: { id: string }; url: string }>(
      `links/${old.id}/rotation`,
    );
    expect(rotated.status).toBe(201);
    expect((await daysLeft(old.id)).left).toBe(7);
    await age(old.id, 2);
    await use(old.customer);
    await use(await openLink(stack, old.url));
    expect((await daysLeft(old.id)).left).toBe(5);
    await age(old.id, 5);
    expect((await old.customer.me('orders')).status).toBe(401);
    expect((await postLanding(stack, old.url)).status).toBe(401);
    await use(await openLink(stack, rotated.body.url));
    expect(await daysLeft(rotated.body.link.id)).toEqual({ left: 90, life: 90 });
  });

  test('is not rotated twice, nor after it has ended', async () => {
    const { id } = await opened();
    expect((await org.clerk.post(`links/${id}/rotation`)).status).toBe(201);
    const again = await org.clerk.post(`links/${id}/rotation`);
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'link_not_active' } } });
    const other = await makeLink(stack, org, 'ANNA');
    await org.clerk.post(`links/${other.id}/revocation`);
    expect((await org.clerk.post(`links/${other.id}/rotation`)).status).toBe(409);
  });

  test('a mail carries a link of its own, which lives 14 days', async () => {
    await stack.minute();
    const row = await vi.waitFor(async () => {
      const [sent] = await stack.sql<{ purpose: string; days: string }>(
        `select l.purpose, extract(epoch from l.expires_at - l.created_at) / 86400 as days
           from staff.outbox o join staff.access_links l on l.id = o.link_id
          where o.org_id = $1 and o.template = 'documents-ready'`,
        [org.id],
      );
      expect(sent).toBeDefined();
      return sent;
    }, 10_000);
    expect(row?.purpose).toBe('notification');
    expect(Math.round(Number(row?.days))).toBe(14);
  });
});
