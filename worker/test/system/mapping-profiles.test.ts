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

test('what is remembered answers for a file that leaves it open, and for none that contradicts it', async () => {
  const file = (...cells: string[]) =>
    `order_number;order_date;order_total;Printed\n${cells.map((cell, at) => `${at};${cell}`).join('\n')}\n`;
  const seen = async (csv: string) => {
    const { dateOrder, decimal, questions, profile } = (await org.clerk.upload(csv)).body.import
      .detected;
    return { dateOrder, decimal, questions, isKnown: profile !== null };
  };
  const open = file('01/02/2026;1.234;');
  const { id, detected } = (await org.clerk.upload(open)).body.import;
  expect(detected.questions).toEqual(['dates', 'decimals']);
  const said = { ...readingOf(detected), dateOrder: 'dmy', decimal: ',' } as const;
  expect((await org.clerk.confirm(id, said)).status).toBe(201);

  const known = { dateOrder: 'dmy', decimal: ',', questions: [], isKnown: true };
  expect(await seen(open)).toEqual(known);
  expect(await seen(file('31/12/26;2.345;'))).toEqual(known);
  // Some cells can only be read the other way.
  expect(await seen(file('31/12/2026;1,50;', '12/31/2026;1.50;'))).toMatchObject({
    questions: ['dates', 'decimals'],
    isKnown: true,
  });
  expect(await seen(file('12/31/26;1.234;'))).toMatchObject({
    dateOrder: 'mdy',
    questions: ['dates'],
  });
  // A column that is not read asks nothing.
  expect(await seen(file('01/02/2026;1.234;31/12/2026', '01/02/2026;1.234;12/31/2026'))).toEqual(
    known,
  );
});
