/**
 * What is live of a key is what all that is approved of it, and not taken back, says together, the last
 * word first: though an approval adds to what is kept, and looks at nothing that was approved before.
 */
import { beforeAll, expect, test } from 'vitest';
import {
  approve,
  type Cells,
  csvOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await useStack();
});

type Said = {
  kind: string;
  key: string;
  customer_key: string;
  order_key: string | null;
  fields: Record<string, string>;
  file_sha256: string | null;
  file_size: number | null;
  file_name: string | null;
  served: string | null;
  rendition_id: string | null;
};

const SAID = `i.kind, i.key, i.customer_key, i.order_key, i.fields,
              i.file_sha256, i.file_size, i.file_name, i.served, i.rendition_id`;

/** What all that stands approved says, merged here, in the order in which it was approved. */
async function toldTogether(org: Org): Promise<Map<string, Said>> {
  const items = await stack.sql<Said>(
    `select ${SAID} from staff.publish_items i join staff.publishes p on p.id = i.publish_id
      where p.org_id = $1 and p.status = 'approved' and i.included and not i.withdrawn
      order by p.decided_at, p.id`,
    [org.id],
  );
  const told = new Map<string, Said>();
  for (const item of items) {
    const id = `${item.kind} ${item.key}`;
    const before = told.get(id);
    const filed = item.file_sha256 === null ? (before ?? { ...item, served: null }) : item;
    const { file_sha256, file_size, file_name, served, rendition_id } = filed;
    told.set(id, {
      ...item,
      order_key: item.order_key ?? before?.order_key ?? null,
      fields: { ...before?.fields, ...item.fields },
      ...{ file_sha256, file_size, file_name, served, rendition_id },
    });
  }
  return told;
}

/** What is kept. Of a customer of whom nothing stands approved any more, who they are stays, and is left out here. */
async function kept(org: Org, told: Map<string, Said>): Promise<Map<string, Said>> {
  const records = await stack.sql<Said>(`select ${SAID} from staff.records i where i.org_id = $1`, [
    org.id,
  ]);
  return new Map(
    records
      .map((record): [string, Said] => [`${record.kind} ${record.key}`, record])
      .filter(([id, { kind }]) => kind !== 'customer' || told.has(id)),
  );
}

/** The same numbers for the same seed, from 0 to below 1: mulberry32. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Publishes, more files for a staged one, and withdrawals, as a seed has them; told of after each. */
async function live(org: Org, seed: number, steps: number, look: (step: string) => Promise<void>) {
  const draw = chance(seed);
  const one = <T>(...of: [T, ...T[]]): T => of[Math.floor(draw() * of.length)] ?? of[0];
  const now = (share: number) => draw() < share;
  /** Some of the cells, each with one of its values. */
  const some = (cells: Record<string, [string, ...string[]]>): Cells =>
    Object.fromEntries(
      Object.entries(cells).flatMap(([name, values]) => (now(0.6) ? [[name, one(...values)]] : [])),
    );
  const rowsOf = (customer: string): Cells[] => {
    const named = { customer_code: customer };
    const ordered = { ...named, order_number: `SO-${customer}` };
    const paid = { ...named, payment_number: `PAY-${customer}` };
    const number = `INV-${customer}`;
    const rows: Cells[] = [
      {
        ...named,
        customer_name: one('North', 'South'),
        ...some({ customer_tax_id: ['T1', 'T2'] }),
      },
      { ...customerRow(customer, org), contact_name: one('Ann', 'Bo') },
      {
        ...ordered,
        ...some({
          order_date: [day(-9), day(-8)],
          order_status: ['pending', 'processing', 'shipped'],
          po_number: ['P1', 'P2'],
        }),
      },
      {
        ...ordered,
        line_number: '1',
        ...some({ line_description: ['Bolt', 'Nut'], line_quantity: ['1', '2'] }),
      },
      { ...ordered, tracking_number: `TRK-${customer}`, ...some({ carrier: ['UPS', 'DHL'] }) },
      {
        ...(now(0.5) ? ordered : named),
        document_kind: 'invoice',
        document_number: number,
        ...some({ document_date: [day(-7), day(-6)], due_date: [day(7)] }),
        ...some({ net: ['10.00', '20.00'], total: ['12.00'], paid: ['1.00', '2.00'] }),
        currency: 'EUR',
        file_name: `${number}.pdf`,
      },
      {
        ...paid,
        payment_date: day(-2),
        payment_amount: one('5.00', '6.00'),
        ...some({ payment_method: ['card'], currency: ['EUR', 'USD'] }),
      },
    ];
    return rows.filter(() => now(0.5));
  };
  const rows = (): Cells[] => {
    const drawn = ['A', 'B'].flatMap(rowsOf);
    return drawn.length > 0 ? drawn : rows();
  };
  const approved: string[] = [];

  for (let step = 0; step < steps; step += 1) {
    const name = `seed ${seed}, step ${step}`;
    if (approved.length > 1 && now(0.35)) {
      const part = one<Cells>(
        {},
        { customer: one('A', 'B') },
        { customer: 'A', document: 'invoice:INV-A' },
      );
      const publishId = one(approved[0] ?? '', ...approved);
      await org.approver.post(`publishes/${publishId}/withdrawal`, {
        reason: 'It was wrong',
        ...part,
      });
      await look(`${name}: withdrawn ${JSON.stringify(part)}`);
      continue;
    }
    const publishId = await stageRows(org, rows());
    if (now(0.3)) await org.clerk.importCsv(csvOf(rows()), publishId);
    if (now(0.4)) {
      const customer = one('A', 'B');
      const words = one('', ' again', ' once more');
      await org.clerk.uploadPdf(publishId, `INV-${customer}.pdf`, pdfOf(`INV-${customer}${words}`));
    }
    const { status } = await approve(org, publishId);
    if (status === 200) approved.push(publishId);
    await look(`${name}: approved, ${status}`);
  }
}

test.each([1, 2])(
  'whatever is approved and taken back, kept is what is left together (%i)',
  async (seed) => {
    const org = await makeOrg(stack);
    const steps: string[] = [];
    await live(org, seed, 10, async (step) => {
      steps.push(step);
      const told = await toldTogether(org);
      expect(await kept(org, told), steps.join('\n')).toEqual(told);
    });
  },
);

test('a file that says what the last one said writes no record, and one more column only its own', async () => {
  const org = await makeOrg(stack);
  const rows = [customerRow('A', org), ...orderRows('A', '1')];
  await publish(org, rows, orderFiles('1'));
  /** By key, what changes whenever it is written. */
  const written = async () => {
    const records = await stack.sql<{ id: string; written: string }>(
      `select r.kind || ' ' || r.key as id, r.xmin || ' ' || r.ctid as written from staff.records r where r.org_id = $1`,
      [org.id],
    );
    return new Map(records.map(({ id, written }) => [id, written]));
  };
  const before = await written();
  await publish(org, rows);
  expect(await written()).toEqual(before);
  const named = { customer_code: 'A', order_number: 'SO-1', delivery_country: 'ES' };
  await publish(org, [...rows, named]);
  const after = await written();
  expect([...after].filter(([id, at]) => before.get(id) !== at).map(([id]) => id)).toEqual([
    'order SO-1',
  ]);
});

test('of a customer who was taken back whole, what comes again says everything', async () => {
  const org = await makeOrg(stack);
  const first = await publish(org, [{ ...customerRow('A', org), customer_tax_id: 'T1' }]);
  await org.approver.post(`publishes/${first}/withdrawal`, { reason: 'It was wrong' });
  await publish(org, [{ customer_code: 'A', customer_name: 'North' }]);
  const told = await toldTogether(org);
  expect(told.get('customer A')?.fields).toEqual({ customer_code: 'A', customer_name: 'North' });
  expect(await kept(org, told)).toEqual(told);
});

test('what was approved by a clock that was ahead has the last word', async () => {
  const org = await makeOrg(stack);
  const row = (name: string) => [{ customer_code: 'A', customer_name: name }];
  const first = await publish(org, row('North'));
  await stack.sql(
    "update staff.publishes set decided_at = decided_at + interval '1 hour' where id = $1",
    [first],
  );
  await publish(org, row('South'));
  const told = await toldTogether(org);
  expect(told.get('customer A')?.fields.customer_name).toBe('North');
  expect(await kept(org, told)).toEqual(told);
});
