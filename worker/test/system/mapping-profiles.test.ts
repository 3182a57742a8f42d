/** What is remembered of files by their headers: anyone of the supplier sees it, and may have it forgotten. */
import { beforeAll, expect, test } from 'vitest';
import { makeOrg, type Org } from '../cast.ts';
import { readingOf } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Profile = {
  id: string;
  header: string[];
  reading: { fields: (string | null)[] };
  usedAt: string;
  by: string;
};
const profiles = async (of = org) =>
  (await of.clerk.get<{ profiles: Profile[] }>('mapping-profiles')).body.profiles;
const CSV = 'Kunde,Firma,Notes\nA,Anna,hello\n';

/** Stages a file as a person who says which column is which. */
async function stage(csv = CSV) {
  const uploaded = await org.clerk.upload(csv);
  const { id, detected } = uploaded.body.import;
  const fields = ['customer_code', 'customer_name', null] as const;
  return org.clerk.confirm(id, { ...readingOf(detected), fields: [...fields] });
}
const known = async () => (await org.clerk.upload(CSV)).body.import.detected.profile;

test('a profile is listed with the file’s own headers, what each is, who used it last and when', async () => {
  expect(await profiles()).toEqual([]);
  expect((await stage()).status).toBe(201);
  const [profile, ...more] = await profiles();
  expect(more).toEqual([]);
  expect(profile).toMatchObject({
    header: ['Kunde', 'Firma', 'Notes'],
    reading: { fields: ['customer_code', 'customer_name', null] },
    by: 'Clara Nowak',
    usedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  expect(await known()).toMatchObject({ by: 'Clara Nowak' });
});

test('one that is forgotten is asked about again, and the trail says what it was', async () => {
  await stage();
  const [profile] = await profiles();
  expect((await org.clerk.remove(`mapping-profiles/${profile?.id}`)).status).toBe(204);
  expect(await profiles()).toEqual([]);
  expect(await known()).toBeNull();
  const { body } = await org.clerk.get<{ events: unknown[] }>('audit?action=profile.removed');
  expect(body.events).toMatchObject([
    {
      actor: { name: 'Clara Nowak' },
      subjectKind: 'profile',
      subjectId: profile?.id,
      detail: { columns: 3, header: ['Kunde', 'Firma', 'Notes'] },
    },
  ]);
  expect((await org.clerk.remove(`mapping-profiles/${profile?.id}`)).status).toBe(404);
});

test('another supplier sees none of it, and a machine neither', async () => {
  await stage();
  const other = await makeOrg(stack, 'Borealis');
  const [profile] = await profiles();
  expect(await profiles(other)).toEqual([]);
  expect((await other.owner.remove(`mapping-profiles/${profile?.id}`)).status).toBe(404);
  expect((await org.service.remove(`mapping-profiles/${profile?.id}`)).status).toBe(403);
  expect(await profiles()).toHaveLength(1);
});
