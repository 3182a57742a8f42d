/** A publish that is sent back: whoever imported it is told why, in their language. */
import { beforeAll, expect, test } from 'vitest';
import { customerRow, makeOrg, type Org, pdfOf, stageRows } from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const REASON = 'INV-7 shows the old price.';
const lettersOf = (publishId: string) =>
  stack.sql<{ recipient: string; language: string; state: string }>(
    'select recipient, language, state from staff.outbox where event = $1 order by recipient',
    [`publish.rejected/${publishId}`],
  );

test('all who brought rows or files in are mailed, and neither a machine nor who sends it back', async () => {
  const clara = `clara@${org.slug}.example`;
  const olga = `olga@${org.slug}.example`;
  await stack.sql("update staff.members set language = 'pl' where email = $1", [clara]);
  const publishId = await stageRows(org, [customerRow('A', org)]);
  await org.owner.uploadPdf(publishId, 'a.pdf', pdfOf('a'));
  await org.approver.uploadPdf(publishId, 'b.pdf', pdfOf('b'));
  await org.service.uploadPdf(publishId, 'c.pdf', pdfOf('c'));
  await org.approver.post(`publishes/${publishId}/rejection`, { reason: REASON });
  expect(await lettersOf(publishId)).toMatchObject([
    { recipient: clara, language: 'pl' },
    { recipient: olga, language: 'en' },
  ]);
  await stack.minute();
  await expect
    .poll(async () => (await lettersOf(publishId)).map(({ state }) => state))
    .toEqual(['sent', 'sent']);
  const mails = stack.mail.mails().filter(({ text }) => text?.includes(publishId));
  expect(mails.map(({ to }) => to.join()).sort()).toEqual([clara, olga]);
  for (const { text, html } of mails) {
    expect(text).toContain(REASON);
    expect(text).toContain(`/admin/${org.slug}/publishes/${publishId}`);
    // Nothing in it opens a customer's portal.
    expect(`${text}${html}`).not.toContain('/customer/');
  }
  expect(mails.find(({ to }) => to.includes(clara))?.subject).toMatch(/^Odesłano: /);
  const { body } = await org.clerk.get<{ publish: object }>(`publishes/${publishId}/review`);
  expect(body.publish).toMatchObject({ status: 'rejected', rejectionReason: REASON });
});

test('somebody who has left is not mailed', async () => {
  const own = await makeOrg(stack);
  const publishId = await stageRows(own, [customerRow('A', own)]);
  await stack.sql('update staff.members set active = false where email = $1', [
    `clara@${own.slug}.example`,
  ]);
  await own.approver.post(`publishes/${publishId}/rejection`, { reason: REASON });
  expect(await lettersOf(publishId)).toEqual([]);
});
