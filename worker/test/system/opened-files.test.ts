/** Who of the supplier's own people looked into a file, before it went out or after, is in the trail. */
import { beforeAll, expect, test } from 'vitest';
import {
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  stageRows,
} from '../cast.ts';
import { CONSOLE, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const open = (publishId: string, init: RequestInit = {}, name = 'INV-1.pdf') =>
  stack.fetch(`${CONSOLE}/api/admin/${org.slug}/publishes/${publishId}/files/${name}`, {
    ...init,
    headers: { 'Cf-Access-Jwt-Assertion': org.approver.token, ...init.headers },
  });
const events = async (publishId: string) => {
  const { body } = await org.owner.get<{ events: unknown[] }>(
    `audit?action=file.opened&subject=publish:${publishId}`,
  );
  return body.events;
};

test('a staged file that is opened is one event, with whose, which and by whom', async () => {
  const publishId = await stageRows(
    org,
    [customerRow('A', org), ...orderRows('A', '1')],
    orderFiles('1'),
  );
  const answer = await open(publishId);
  expect([answer.status, (await answer.arrayBuffer()).byteLength > 100]).toEqual([200, true]);
  expect(await events(publishId)).toMatchObject([
    {
      actor: { name: 'Amir Haddad' },
      detail: { name: 'INV-1.pdf', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ]);
  // A question, and the rest of a file that was begun.
  await open(publishId, { method: 'HEAD' });
  await (await open(publishId, { headers: { Range: 'bytes=100-' } })).arrayBuffer();
  expect(await events(publishId)).toHaveLength(1);
  await (await open(publishId, { headers: { Range: 'bytes=0-' } })).arrayBuffer();
  expect(await events(publishId)).toHaveLength(2);
  expect((await open(publishId, {}, 'nobody.pdf')).status).toBe(404);
  expect(await events(publishId)).toHaveLength(2);
});

test('so is one of a publish that went out', async () => {
  const publishId = await publish(
    org,
    [customerRow('B', org), ...orderRows('B', '2')],
    orderFiles('2'),
  );
  await (await open(publishId, {}, 'INV-2.pdf')).arrayBuffer();
  expect(await events(publishId)).toHaveLength(1);
});
