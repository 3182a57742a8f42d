/** Who works for a supplier: taken in, changed, let go and taken back by an owner, each in the trail. */
import { beforeEach, describe, expect, test } from 'vitest';
import { makeOrg, type Org } from '../cast.ts';
import { staffClient } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeEach(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Member = {
  id: string;
  email: string | null;
  serviceName: string | null;
  name: string;
  role: string;
  language: string;
  active: boolean;
};
type Refusal = { error?: { code: string; fields?: Record<string, string> } };
const members = async () => (await org.owner.get<{ members: Member[] }>('members')).body.members;
const called = async (name: string) => {
  const found = (await members()).find((member) => member.name === name);
  if (found === undefined) throw new Error(`no member ${name}`);
  return found;
};
const change = async (name: string, changed: Partial<Member> & { confirmed?: boolean }) => {
  const { id, role, language, active } = await called(name);
  return org.owner.put<Refusal>(`members/${id}`, { name, role, language, active, ...changed });
};
const events = async () => {
  const { body } = await org.owner.get<{
    events: { action: string; subjectId: string; detail: Record<string, unknown> }[];
  }>('audit?action=member.added,member.changed');
  return body.events;
};

test('a person is taken in, and is in at once', async () => {
  const email = `Nina@${org.slug}.example`;
  const made = await org.owner.post<{ id: string }>('members', {
    email,
    name: 'Nina',
    role: 'approver',
    language: 'pl',
  });
  expect(made.status).toBe(201);
  const token = await stack.access.token(email.toLowerCase());
  expect((await staffClient(stack, org.slug, token).get('me')).body).toMatchObject({
    member: { name: 'Nina', role: 'approver' },
  });
  expect(await events()).toMatchObject([
    {
      action: 'member.added',
      subjectId: made.body.id,
      detail: { role: 'approver', language: 'pl', machine: false },
    },
  ]);
  const again = await org.owner.post('members', { email, name: 'Nina', role: 'clerk' });
  expect(again.status).toBe(409);
});

test('a machine is taken in by the name of its token, and pushes imports', async () => {
  const serviceName = `robot-${org.slug}.access`;
  const made = await org.owner.post<{ id: string }>('members', {
    serviceName,
    name: 'Robot',
    role: 'clerk',
  });
  expect(made.status).toBe(201);
  const robot = staffClient(stack, org.slug, await stack.serviceToken(serviceName));
  expect((await robot.importCsv('customer_code,customer_name\nA,Anna\n')).status).toBe(201);
  expect((await events())[0]).toMatchObject({ detail: { role: 'clerk', machine: true } });
});

test('a role is changed, with what it was in the trail; the same again is no event', async () => {
  expect((await change('Clara Nowak', { role: 'approver' })).status).toBe(200);
  expect((await change('Clara Nowak', { role: 'approver' })).status).toBe(200);
  expect(await events()).toMatchObject([
    {
      action: 'member.changed',
      detail: { fields: ['role'], before: { role: 'clerk' }, after: { role: 'approver' } },
    },
  ]);
  expect((await org.clerk.get('me')).body).toMatchObject({ member: { role: 'approver' } });
});

test('who is let go is out at once, and back once they are taken back', async () => {
  expect((await change('Clara Nowak', { active: false })).status).toBe(200);
  expect((await org.clerk.get('me')).status).toBe(404);
  expect((await change('Clara Nowak', { active: true })).status).toBe(200);
  expect((await org.clerk.get('me')).status).toBe(200);
  expect((await change('ERP export', { active: false })).status).toBe(200);
  expect((await org.service.get('publishes')).status).toBe(404);
  expect((await events()).map(({ detail }) => detail.after)).toEqual([
    { active: false },
    { active: true },
    { active: false },
  ]);
});

test('nobody raises their own role', async () => {
  for (const [as, name] of [
    [org.clerk, 'Clara Nowak'],
    [org.approver, 'Amir Haddad'],
  ] as const) {
    const { id } = await called(name);
    const raised = { name, role: 'owner', language: 'en', active: true, confirmed: true };
    expect((await as.put<Refusal>(`members/${id}`, raised)).body.error?.code).toBe('forbidden');
  }
  expect((await called('Clara Nowak')).role).toBe('clerk');
  expect((await called('Amir Haddad')).role).toBe('approver');
  expect(await events()).toEqual([]);
});

describe('the second of two who may approve', () => {
  test.each([{ role: 'clerk' }, { active: false }])(
    'is given up only by who says that they know: %o',
    async (changed) => {
      const refused = await change('Amir Haddad', changed);
      expect(refused).toMatchObject({
        status: 422,
        body: { error: { code: 'invalid', fields: { confirmed: expect.any(String) } } },
      });
      expect(await called('Amir Haddad')).toMatchObject({ role: 'approver', active: true });
      expect(await events()).toEqual([]);
      expect((await change('Amir Haddad', { ...changed, confirmed: true })).status).toBe(200);
      expect(await called('Amir Haddad')).toMatchObject(changed);
      expect(await events()).toMatchObject([{ detail: { after: changed, approversLeft: 1 } }]);
    },
  );

  test('may be renamed, and made an owner, without a word', async () => {
    expect((await change('Amir Haddad', { language: 'es' })).status).toBe(200);
    expect((await change('Amir Haddad', { role: 'owner' })).status).toBe(200);
  });

  test('is not asked about where a third stays', async () => {
    await change('Clara Nowak', { role: 'approver' });
    expect((await change('Amir Haddad', { active: false })).status).toBe(200);
  });
});

test('the last owner stays one, whatever is confirmed', async () => {
  for (const changed of [{ role: 'approver' }, { active: false }]) {
    expect(await change('Olga Berg', { ...changed, confirmed: true })).toMatchObject({
      status: 422,
      body: { error: { fields: { role: expect.any(String) } } },
    });
  }
  expect(await events()).toEqual([]);
});
