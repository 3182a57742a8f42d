/**
 * `polling`: 10,000 parcels in flight, some with each carrier, asked about by the job as its crons would, a
 * minute of the carriers' clock at a time. The database's clock cannot be set: its rows grow older instead.
 * BENCH_POLLING_PARCELS tries it with less.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { openCarriers } from '../../worker/carriers/open.ts';
import { carrierSettings, readAccounts } from '../../worker/carriers/settings.ts';
import { pollCarriers } from '../../worker/jobs/poll-carriers.ts';
import { passMinutes } from '../../worker/test/parcels.ts';
import type { Stack } from '../../worker/test/stack.ts';
import { CARRIERS, type CarrierCode } from '../../worker/vocabulary.ts';
import type { CountedHour } from '../local/carrier-calls.ts';
import { parcelNumber, type Scenario } from '../local/carrier-numbers.ts';
import { type CarriersServer, startCarriers } from '../local/carriers.ts';
import { type Bench, type Measure, rounded } from './bench.ts';
import { addOrders, makeSupplier } from './fill.ts';

const PARCELS = Number(process.env.BENCH_POLLING_PARCELS ?? 10_000);
const MINUTES = 30;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Of twenty parcels: with UPS and USPS what three quarters of their hours have room for, the rest with FedEx. */
const NAMES: readonly [name: string, code: CarrierCode][] = [
  ...Array.from({ length: 3 }, (): [string, CarrierCode] => ['UPS', 'ups']),
  ...Array.from({ length: 3 }, (): [string, CarrierCode] => ['USPS', 'usps']),
  ...Array.from({ length: 14 }, (): [string, CarrierCode] => ['FedEx', 'fedex']),
];
const SCENARIOS: readonly Scenario[] = ['arrives', 'travels', 'goesOut', 'late', 'troubled'];

export const polling: Bench = async ({ stack }) => {
  const carriers = await startCarriers();
  try {
    await addParcels(stack, PARCELS);
    const polled = await pollAll(stack, carriers);
    const { minutes, answered } = polled;
    const calls = carriers.calls();
    return [
      {
        name: 'polling',
        value: minutes,
        unit: 'minutes of the clock',
        baseline: null,
        ratio: null,
        budget: `all ${PARCELS} ≤ ${MINUTES}`,
        ok: answered === PARCELS && minutes <= MINUTES,
      },
      ...CARRIERS.map((code) =>
        callsOf(code, calls[code], polled.carriers[code]?.callsPerHour ?? 0),
      ),
    ];
  } finally {
    await carriers.stop();
  }
};

/** The calls of a carrier's fullest hour against those that we may make; none may be over a limit of its own. */
function callsOf(code: CarrierCode, hours: readonly CountedHour[], perHour: number): Measure {
  const fullest = Math.max(0, ...hours.map(({ calls }) => calls));
  const overruns = hours.reduce((sum, hour) => sum + hour.overruns, 0);
  if (overruns > 0) console.warn(`${code}: ${overruns} calls were over its limits`);
  return {
    name: `polling, ${code}`,
    value: fullest,
    unit: 'calls of its fullest hour',
    baseline: perHour,
    ratio: rounded(fullest / perHour),
    budget: '≤ 1, none refused',
    ok: fullest > 0 && fullest <= perHour && overruns === 0,
  };
}

/** Polls minute by minute until every parcel has its answer. */
async function pollAll(stack: Stack, carriers: CarriersServer) {
  const { accounts } = readAccounts(z.object(carrierSettings).parse(carriers.settings));
  const ports = {
    database: stack.system,
    carriers: openCarriers(accounts),
    outboxKey: randomBytes(32).toString('base64'),
    log: console.warn,
    wrote: () => undefined,
  };
  const begun = Date.now();
  let answered = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    carriers.setClock(begun + minute * MINUTE_MS);
    await pollCarriers(ports);
    const [row] = await stack.sql<{ answered: number }>(
      'select count(*)::int as answered from staff.polled_shipments where checked_at is not null and last_error is null',
    );
    answered = row?.answered ?? 0;
    if (answered === PARCELS) {
      return { minutes: minute + 1, answered, carriers: ports.carriers };
    }
    await passMinutes(stack, 1);
  }
  console.table(
    await stack.sql(
      `select carrier, last_error, count(*)::int from staff.polled_shipments
        where checked_at is null or last_error is not null group by 1, 2 order by 1, 2`,
    ),
  );
  console.table(await stack.sql('select * from staff.integration_log order by at desc limit 20'));
  return { minutes: MINUTES, answered, carriers: ports.carriers };
}

/** Orders of a supplier's two customers with a parcel each, as an approval would have made them. */
async function addParcels(stack: Stack, count: number): Promise<void> {
  const { org } = await makeSupplier(stack, 2);
  await addOrders(stack, org, { prefix: 'C-', from: 0, count });
  await stack.sql(
    `insert into staff.records (org_id, kind, key, customer_key, order_key, fields)
     select o.org_id, 'order', o.number_key, c.code_key, o.number_key, '{"order_status": "shipped"}'
       from portal.orders o join portal.customers c on c.id = o.customer_id where o.org_id = $1`,
    [org.id],
  );
  const day = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const parcels = Array.from({ length: count }, (_, serial) => {
    const [name, code] = NAMES[serial % NAMES.length] ?? ['FedEx', 'fedex'];
    const scenario = SCENARIOS[serial % SCENARIOS.length] ?? 'arrives';
    return [`B-${serial}`, name, parcelNumber(code, { day, scenario, serial })];
  });
  await stack.sql(
    `insert into portal.shipments (org_id, customer_id, order_id, shipment_key, carrier, tracking_number, shipped_on)
     select o.org_id, o.customer_id, o.id, o.number_key || ':' || (p->>2), p->>1, p->>2, $3::date
       from jsonb_array_elements($2::jsonb) p join portal.orders o on o.org_id = $1 and o.number_key = p->>0`,
    [org.id, JSON.stringify(parcels), day],
  );
}
