/** Two people before one review, and one who may no longer decide. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ReviewItem } from '../../domain/review.ts';
import {
  approve,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  paperOf,
  pdfOf,
  preparedReview,
  publish,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import type { Staff } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

type Move = { review: { was: string; now: string } };
type Refusal = { error?: { code: string } };

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const REASON = 'Compared with the paper at the counter.';
const look = async (id: string, as: Staff) =>
  (await as.get<ReviewSeen>(`publishes/${id}/review`)).body;
const itemOf = ({ items }: ReviewSeen, kind: string) => items.find((item) => item.kind === kind);
const tick = (
  as: Staff,
  id: string,
  items: Pick<ReviewItem, 'kind' | 'key' | 'file'>[],
  ticked = true,
) =>
  as.put<Move>(`publishes/${id}/ticks`, {
    items: items.map(({ kind, key, file }) => ({ kind, key, sha256: file?.sha256 ?? null })),
    ticked,
  });
const leaveOut = (as: Staff, id: string, what: object, excluded = true) =>
  as.put<Move>(`publishes/${id}/exclusions`, { ...what, excluded });
const answerFor = (as: Staff, id: string, item: ReviewItem) =>
  as.put<Move & Refusal>(`publishes/${id}/overrides`, {
    kind: item.kind,
    key: item.key,
    reason: REASON,
    seen: {
      sha256: item.file?.sha256 ?? null,
      problems: item.problems
        .filter(({ overridable }) => overridable)
        .map(({ code, value }) => ({ code, value })),
    },
  });
const sign = async (as: Staff, id: string, reviewHash: string) => {
  const { status, body } = await as.post<Refusal>(`publishes/${id}/approval`, { reviewHash });
  return status === 200 ? '200' : `${status} ${body.error?.code}`;
};

/** A staged publish with a new recipient, papers, and one paper that names another customer. */
async function stageDisputed(of: Org, code: string): Promise<string> {
  const other = `Other of ${code} Incorporated`;
  await publish(of, [customerRow(`${code}-OTHER`, of, other)]);
  const id = await stageRows(of, [customerRow(code, of), ...orderRows(code, code)], {
    ...orderFiles(code),
    [`INV-${code}.pdf`]: await paperOf([`Invoice INV-${code}`, `Bill to ${other}`]),
  });
  await preparedReview(of, id);
  return id;
}

describe('what two people do to one review', () => {
  test('makes what the other has seen stale, is lost by nothing, and is seen by both', async () => {
    const id = await stageDisputed(org, 'PAIR');
    const seenByOlga = await look(id, org.owner);
    const contact = itemOf(seenByOlga, 'contact');
    const disputed = seenByOlga.items.find(({ problems }) =>
      problems.some(({ overridable }) => overridable),
    );
    const slip = seenByOlga.items.find(({ key }) => key === 'packing_slip:PS-PAIR');
    if (!contact || !disputed || !slip) {
      throw new Error('the review is not the one that this test is about');
    }
    const deeds: [who: Staff, other: Staff, deed: () => Promise<{ status: number; body: Move }>][] =
      [
        [org.clerk, org.owner, () => tick(org.clerk, id, [contact])],
        [org.approver, org.clerk, () => answerFor(org.approver, id, disputed)],
        [org.owner, org.approver, () => leaveOut(org.owner, id, { items: [slip] })],
      ];
    for (const [who, other, deed] of deeds) {
      const seen = await look(id, other);
      const { status, body } = await deed();
      expect(status).toBe(200);
      // Whoever did it learns from which review to which it led: a page that showed another must say so.
      expect(body.review).toEqual({ was: seen.hash, now: (await look(id, who)).hash });
      expect(body.review.now).not.toBe(seen.hash);
      expect(await sign(org.owner, id, seen.hash)).toBe('409 review_stale');
    }
    for (const as of [org.clerk, org.approver, org.owner]) {
      const now = await look(id, as);
      const at = (key: string) => now.items.find((item) => item.key === key);
      expect(at(contact.key)).toMatchObject({ ticked: true, passes: true });
      expect(at(disputed.key)).toMatchObject({
        blocked: false,
        passes: true,
        override: { reason: REASON, by: 'Amir Haddad' },
      });
      expect(at(slip.key)).toMatchObject({ excluded: true, passes: false });
    }
    await preparedReview(org, id);
    expect(await sign(org.owner, id, (await look(id, org.owner)).hash)).toBe('200');
  });

  test('is told apart by its hashes even where no figure moves: other bytes under a file’s name', async () => {
    const id = await stageRows(
      org,
      [customerRow('SWAP', org), ...orderRows('SWAP', 'SWAP')],
      orderFiles('SWAP'),
    );
    const seen = await look(id, org.approver);
    await org.clerk.uploadPdf(
      id,
      'INV-SWAP.pdf',
      pdfOf('INV-SWAP, not the one that was looked at'),
    );
    const contact = itemOf(seen, 'contact');
    const { body } = await tick(org.approver, id, contact ? [contact] : []);
    expect(body.review.was).not.toBe(seen.hash);
    const now = await look(id, org.approver);
    expect(body.review.now).toBe(now.hash);
  });

  test('a change of what a customer sees tells what else had changed since it was looked at', async () => {
    const id = await stageRows(org, [customerRow('EXPO', org), ...orderRows('EXPO', 'EXPO')]);
    const expose = (kinds: string[], publish = `?publish=${id}`) =>
      org.approver.put<Move>(`exposures${publish}`, { customerKey: 'EXPO', kinds, fields: [] });
    const seen = await look(id, org.approver);
    const alone = await expose(['packing_slip']);
    expect(alone.status).toBe(200);
    expect(alone.body.review).toEqual({ was: seen.hash, now: (await look(id, org.owner)).hash });
    expect(alone.body.review.now).not.toBe(seen.hash);

    // Somebody ticks while the dialog is open.
    const contact = itemOf(seen, 'contact');
    await tick(org.clerk, id, contact ? [contact] : []);
    const after = await expose(['invoice']);
    expect(after.body.review.was).not.toBe(alone.body.review.now);
    expect(after.body.review.now).toBe((await look(id, org.owner)).hash);
    // Asked from elsewhere, it speaks of no review.
    expect((await expose(['invoice'], '')).body.review).toBeNull();
  });

  test('at the same item ends with what came last, and the trail has both by name', async () => {
    const id = await stageRows(org, [customerRow('LAST', org), ...orderRows('LAST', 'LAST')]);
    const contact = itemOf(await look(id, org.clerk), 'contact');
    const items = contact ? [contact] : [];
    await tick(org.clerk, id, items);
    await tick(org.approver, id, items, false);
    expect(itemOf(await look(id, org.clerk), 'contact')?.ticked).toBe(false);
    const trail = await stack.sql(
      `select m.name, e.detail->'ticked' as ticked from audit.events e join staff.members m on m.id::text = e.actor_id::text
        where e.action = 'item.ticked' and e.subject_id = $1 order by e.at`,
      [id],
    );
    expect(trail).toEqual([
      { name: 'Clara Nowak', ticked: true },
      { name: 'Amir Haddad', ticked: false },
    ]);
  });
});

describe('an approver who is one no longer', () => {
  const REMOVALS = [
    ['deactivated', { role: 'approver', active: false }, '404 not_found'],
    ['a clerk now', { role: 'clerk', active: true }, '403 forbidden'],
  ] as const;

  test.each(REMOVALS)(
    '%s: decides nothing, and what they answered for is open again',
    async (_, change, refused) => {
      const own = await makeOrg(stack);
      const id = await stageDisputed(own, 'GONE');
      const before = await look(id, own.approver);
      const contact = itemOf(before, 'contact');
      const disputed = before.items.find(({ problems }) =>
        problems.some(({ overridable }) => overridable),
      );
      if (!contact || !disputed) {
        throw new Error('the review is not the one that this test is about');
      }
      await tick(own.approver, id, [contact]);
      expect((await answerFor(own.approver, id, disputed)).status).toBe(200);
      const withAnswer = await preparedReview(own, id);

      const { body } = await own.owner.get<{ members: { id: string; name: string }[] }>('members');
      const amir = body.members.find(({ name }) => name === 'Amir Haddad');
      const changed = await own.owner.put(`members/${amir?.id}`, {
        name: 'Amir Haddad',
        language: 'en',
        confirmed: true,
        ...change,
      });
      expect(changed.status).toBe(200);

      expect(await sign(own.approver, id, withAnswer.hash)).toBe(refused);
      const answer = await answerFor(own.approver, id, disputed);
      expect(`${answer.status} ${answer.body.error?.code}`).toBe(refused);
      const rejected = await own.approver.post<Refusal>(`publishes/${id}/rejection`, {
        reason: 'Not any more',
      });
      expect(`${rejected.status} ${rejected.body.error?.code}`).toBe(refused);

      // An answer stands with whoever gives it: the paper waits for somebody who may answer.
      expect(await sign(own.owner, id, withAnswer.hash)).toBe('409 review_stale');
      const now = await look(id, own.owner);
      expect(now.items.find(({ key }) => key === disputed.key)).toMatchObject({
        blocked: true,
        passes: false,
        override: null,
      });
      // A tick says that somebody has looked, as any clerk may: it stays, and the trail says whose it was.
      expect(itemOf(now, 'contact')).toMatchObject({ ticked: true });
      const trail = await stack.sql(
        `select detail->>'key' as key, detail->'takenBack' as back, detail->>'because' as because from audit.events
        where action = 'item.overridden' and subject_id = $1 order by at desc limit 1`,
        [id],
      );
      expect(trail).toEqual([{ key: disputed.key, back: true, because: 'member_changed' }]);

      const open = now.items.find(({ key }) => key === disputed.key);
      expect((await answerFor(own.owner, id, open ?? disputed)).status).toBe(200);
      expect(
        await sign(own.owner, id, (await preparedReview({ ...own, approver: own.owner }, id)).hash),
      ).toBe('200');
    },
  );

  test('loses no answer that was approved, and none by another name or language', async () => {
    const own = await makeOrg(stack);
    const [decided, staged] = [await stageDisputed(own, 'DONE'), await stageDisputed(own, 'OPEN')];
    for (const id of [decided, staged]) {
      const disputed = (await look(id, own.approver)).items.find(({ problems }) =>
        problems.some(({ overridable }) => overridable),
      );
      expect((await answerFor(own.approver, id, disputed as ReviewItem)).status).toBe(200);
    }
    expect((await approve(own, decided)).status).toBe(200);
    const answers = () =>
      stack.sql(
        'select publish_id, override_reason from staff.publish_items where org_id = $1 and override_reason is not null order by 1',
        [own.id],
      );
    const both = await answers();
    expect(both).toHaveLength(2);
    const { body } = await own.owner.get<{ members: { id: string; name: string }[] }>('members');
    const amir = body.members.find(({ name }) => name === 'Amir Haddad')?.id;
    const change = (to: object) =>
      own.owner.put(`members/${amir}`, {
        name: 'Amir H.',
        language: 'pl',
        role: 'approver',
        active: true,
        confirmed: true,
        ...to,
      });
    await change({});
    await change({ role: 'owner' });
    expect(await answers()).toEqual(both);
    await change({ role: 'clerk' });
    expect(await answers()).toEqual(both.filter(({ publish_id: id }) => id === decided));
  });
});
