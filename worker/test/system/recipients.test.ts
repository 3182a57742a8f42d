/** Who a CSV would let in: an address that another customer uses, or whose domain is strange, is named at the gate. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  type Cells,
  customerRow,
  makeOrg,
  type Org,
  preparedReview,
  publish,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

const USED = 'address_used_by_other_customer';
const FOREIGN = 'address_at_foreign_domain';

let stack: Stack;
let org: Org;
/** A has a contact at north.example, B one at south.example; both are live. */
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [at('A', 'anna@north.example'), at('B', 'bob@south.example')]);
});

const at = (code: string, email: string, of: Org = org): Cells => ({
  ...customerRow(code, of),
  contact_email: email,
});

/** What the review says of each new address, as `customer address`; each waits for a tick of its own. */
async function said(rows: Cells[]): Promise<Record<string, string[]>> {
  const id = await stageRows(org, rows);
  const { body } = await org.approver.get<ReviewSeen>(`publishes/${id}/review?kind=contact`);
  const added = body.items.filter(({ change }) => change === 'new');
  for (const item of added) {
    expect(item).toMatchObject({ needsTick: true, ticked: false, passes: false, blocked: false });
    expect(item.problems.every(({ severity }) => severity === 'warning')).toBe(true);
  }
  await org.approver.post(`publishes/${id}/rejection`, { reason: 'Only looked at' });
  return Object.fromEntries(
    added.map(({ customerKey, fields, problems }) => [
      `${customerKey} ${fields.contact_email}`,
      problems.map(({ code }) => code).sort(),
    ]),
  );
}

describe('an address', () => {
  test('that another customer uses is named, however it is written, and so is its domain', async () => {
    expect(await said([at('A', 'bob@south.example')])).toEqual({
      'A bob@south.example': [FOREIGN, USED],
    });
    expect(await said([at('A', ' Bob@South.Example ')])).toEqual({
      'A bob@south.example': [FOREIGN, USED],
    });
    // Of a customer who is only now made nobody has an address yet, so no domain is strange.
    expect(await said([at('NEW', 'bob@south.example')])).toEqual({
      'NEW bob@south.example': [USED],
    });
  });

  test('that two customers of one publish would use is named at both', async () => {
    expect(await said([at('NEW', 'carl@west.example'), at('NEWER', 'carl@west.example')])).toEqual({
      'NEW carl@west.example': [USED],
      'NEWER carl@west.example': [USED],
    });
    expect(await said([at('A', 'carl@north.example'), at('B', 'carl@north.example')])).toEqual({
      'A carl@north.example': [USED],
      'B carl@north.example': [FOREIGN, USED],
    });
  });

  test('at a domain that nobody else of its customer has is named', async () => {
    expect(
      await said([
        at('A', 'dora@east.example'),
        at('B', 'dirk@north.example'),
        // A part of a name is not the name.
        at('A', 'dan@far.north.example'),
        at('A', 'dean@notnorth.example'),
      ]),
    ).toEqual({
      'A dora@east.example': [FOREIGN],
      'B dirk@north.example': [FOREIGN],
      'A dan@far.north.example': [FOREIGN],
      'A dean@notnorth.example': [FOREIGN],
    });
  });

  test('at a domain of one’s own is not, nor a customer’s first', async () => {
    expect(
      await said([
        at('A', 'ewa@north.example'),
        at('A', 'Ernst@NORTH.example'),
        at('NEW', 'first@anywhere.example'),
      ]),
    ).toEqual({
      'A ewa@north.example': [],
      'A ernst@north.example': [],
      'NEW first@anywhere.example': [],
    });
  });

  test('that is live where it stands is nothing new, and of another supplier’s nothing is said', async () => {
    expect(await said([at('A', 'anna@north.example')])).toEqual({});
    const other = await makeOrg(stack, 'Other Supplier');
    await publish(other, [at('A', 'olga@elsewhere.example', other)]);
    expect(await said([at('NEW', 'olga@elsewhere.example')])).toEqual({
      'NEW olga@elsewhere.example': [],
    });
  });
});

test('without its tick a strange address gets in nowhere; with it, its domain is the customer’s own', async () => {
  const row = at('A', 'fay@partner.example');
  const emails = async () =>
    (
      await stack.sql<{ email: string }>(
        `select c.email from portal.contacts c join portal.customers b on b.id = c.customer_id
          where b.org_id = $1 and b.code_key = 'A' order by 1`,
        [org.id],
      )
    ).map(({ email }) => email);
  const unticked = await stageRows(org, [row]);
  const { hash } = await preparedReview(org, unticked);
  await org.approver.post(`publishes/${unticked}/approval`, { reviewHash: hash });
  expect(await emails()).toEqual(['anna@north.example']);

  await approve(org, await stageRows(org, [row]));
  expect(await emails()).toEqual(['anna@north.example', 'fay@partner.example']);
  expect(await said([at('A', 'finn@partner.example')])).toEqual({ 'A finn@partner.example': [] });
});
