import { beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  publish,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let other: Org;
beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  await publish(org, [customerRow('ANNA', org)]);
});

const emailOf = (person: string) => `${person}@${org.slug}.example`;
type Refusal = { error?: { code: string; fields?: Record<string, string> } };

describe('a role', () => {
  const kinds = ['invoice'];
  const decisions = (publishId: string): [string, string, unknown][] => [
    ['POST', `publishes/${publishId}/approval`, { reviewHash: '0'.repeat(64) }],
    ['POST', `publishes/${publishId}/rejection`, { reason: 'not this one' }],
    ['POST', `publishes/${publishId}/withdrawal`, { reason: 'Taken back' }],
    ['PUT', 'exposures', { customerKey: null, kinds, fields: [] }],
    ['PUT', 'exposures', { customerKey: 'ANNA', kinds, fields: [] }],
  ];
  const send = async (as: Org['clerk'], [method, path, body]: [string, string, unknown]) => {
    const text = JSON.stringify(body);
    const answer = await as.send<Refusal>(method, path, text, 'application/json');
    return answer.status < 300 ? answer.status : `${answer.status} ${answer.body.error?.code}`;
  };

  test('of a machine ticks nothing and leaves nothing out, at the door or behind it', async () => {
    const publishId = await stageRows(org, [customerRow('MACHINE', org)]);
    const items = [
      { kind: 'contact', key: `MACHINE:${customerRow('MACHINE', org).contact_email}` },
    ];
    const pairs = JSON.stringify(items.map(({ kind, key }) => [kind, key]));
    for (const path of [`publishes/${publishId}/ticks`, `publishes/${publishId}/exclusions`]) {
      const body = { items, ticked: true, excluded: true };
      expect(await send(org.service, ['PUT', path, body])).toBe('403 forbidden');
    }
    const [, ticks, exclusions] = await stack.sqlAs(
      'staff',
      ["select staff.enter(null, $1, $2, 'test')", [`${org.slug}.access`, org.slug]],
      ['select ticked from staff.tick_items($1, $2::jsonb, true)', [publishId, pairs]],
      ["select changed from staff.exclude($1, $2::jsonb, '{}', true)", [publishId, pairs]],
    );
    expect([ticks, exclusions]).toEqual([[{ ticked: 0 }], [{ changed: 0 }]]);
    const path = `publishes/${publishId}/ticks`;
    expect(await send(org.approver, ['PUT', path, { items, ticked: true }])).toBe(200);
  });

  test('of a clerk, or of a machine, decides nothing', async () => {
    const publishId = await stageRows(org, [customerRow('BO', org)]);
    for (const as of [org.clerk, org.service]) {
      for (const decision of decisions(publishId)) {
        expect([decision[1], await send(as, decision)]).toEqual([decision[1], '403 forbidden']);
      }
    }
    const { body } = await org.clerk.get<{ publish: { status: string }; approval: object }>(
      `publishes/${publishId}/review`,
    );
    expect(body.publish.status).toBe('staged');
    expect(body.approval).toMatchObject({ allowed: false, reason: 'role' });
    const exposures = await stack.sql<{ kinds: string[] | null }>(
      'select kinds from staff.exposures where org_id = $1',
      [org.id],
    );
    expect(exposures.filter((exposure) => exposure.kinds?.length === 1)).toEqual([]);
    expect(await send(org.approver, decisions(publishId)[1] as [string, string, unknown])).toBe(
      200,
    );
  });

  test('of a machine imports and uploads, and never becomes another one', async () => {
    const staged = await org.service.importCsv('customer_code,customer_name\nCARL,Carl\n');
    expect(staged.status).toBe(201);
    const pdf = new TextEncoder().encode('%PDF-1.4\n%%EOF\n');
    expect((await org.service.uploadPdf(staged.body.publishId, 'a.pdf', pdf)).status).toBe(201);
    const [event] = await stack.sql(
      "select actor_kind from audit.events where action = 'import.staged' and subject_id = $1",
      [staged.body.publishId],
    );
    expect(event).toEqual({ actor_kind: 'service' });
    const name = 'robot.access';
    const asApprover = { serviceName: name, name: 'Robot', role: 'approver' };
    expect(await send(org.owner, ['POST', 'members', asApprover])).toBe('422 invalid');
    const made = await org.owner.post<{ id: string }>('members', { ...asApprover, role: 'clerk' });
    expect(made.status).toBe(201);
    const raised = { name: 'Robot', role: 'owner', language: 'en', active: true };
    await org.owner.put(`members/${made.body.id}`, raised);
    const [robot] = await stack.sql('select role from staff.members where id = $1', [made.body.id]);
    expect(robot).toEqual({ role: 'clerk' });
  });

  test('other than the owner changes no settings and no members', async () => {
    const { body: settings } = await org.owner.get<Record<string, unknown>>('settings');
    const { body } = await org.owner.get<{ members: { id: string; role: string }[] }>('members');
    const owner = body.members.find(({ role }) => role === 'owner');
    const clerk = body.members.find(({ role }) => role === 'clerk');
    const member = { name: 'New', role: 'owner', language: 'en', active: true };
    const changes: [string, string, unknown][] = [
      ['PUT', 'settings', { ...settings, name: 'Taken over' }],
      ['POST', 'members', { email: emailOf('new'), ...member }],
      ['PUT', `members/${clerk?.id}`, member],
      ['PUT', `members/${owner?.id}`, { ...member, active: false }],
    ];
    for (const as of [org.clerk, org.approver, org.service]) {
      for (const change of changes) {
        expect([change[1], await send(as, change)]).toEqual([change[1], '403 forbidden']);
      }
      const logo = await as.send('PUT', 'settings/logo', '<svg></svg>', 'image/svg+xml');
      expect(logo.status).toBe(403);
    }
    expect((await org.owner.get('settings')).body).toEqual(settings);
    expect((await org.owner.get('members')).body).toEqual(body);
  });

  test('of the last owner is not given up', async () => {
    const { body } = await org.owner.get<{ members: { id: string; role: string }[] }>('members');
    const owner = body.members.find(({ role }) => role === 'owner');
    const keep = { name: 'Olga Berg', language: 'en' };
    for (const change of [
      { ...keep, role: 'owner', active: false },
      { ...keep, role: 'clerk', active: true },
    ]) {
      const refused = await org.owner.put<Refusal>(`members/${owner?.id}`, change);
      expect(refused).toMatchObject({
        status: 422,
        body: { error: { fields: { role: expect.any(String) } } },
      });
    }
    expect((await org.owner.get('me')).body).toMatchObject({ member: { role: 'owner' } });
    const second = await org.owner.post<{ id: string }>('members', {
      ...keep,
      email: emailOf('second'),
      role: 'owner',
    });
    const down = { ...keep, role: 'approver', active: true };
    expect((await org.owner.put(`members/${owner?.id}`, down)).status).toBe(200);
    expect(await send(org.owner, ['PUT', `members/${second.body.id}`, down])).toBe('403 forbidden');
    expect((await org.owner.get('me')).body).toMatchObject({ member: { role: 'approver' } });
  });
});

test('a link is made and ended by a clerk, and a contact is never of another customer', async () => {
  await publish(org, [customerRow('DORA', org)]);
  const dora = await contactOf(stack, org, 'DORA');
  const anna = await contactOf(stack, org, 'ANNA');
  const crossed = await org.clerk.post<Refusal>(`customers/${anna.customerId}/links`, {
    contactId: dora.contactId,
    delivery: 'copy',
  });
  expect(crossed).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  const link = await makeLink(stack, org, 'DORA');
  expect((await other.owner.post(`links/${link.id}/revocation`)).status).toBe(404);
  expect((await org.clerk.post(`links/${link.id}/revocation`)).status).toBe(200);
});
