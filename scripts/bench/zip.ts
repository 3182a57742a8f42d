/**
 * `zip`: a ZIP of 50 documents against the raw streams of the same 50, sent one after the other as one
 * body out of another bucket, in the same runtime; when its first byte comes; and what memory it takes.
 */
import { PORTAL } from '../../worker/test/stack.ts';
import { type Bench, inTurn, type Measure, median, repeat, rounded, throughput } from './bench.ts';
import { makeSupplier } from './fill.ts';
import { growthOf, readAtOnce, servingProcesses } from './memory.ts';
import { publishPapers, scanOf } from './papers.ts';
import { openBody, PLAIN, readToEnd, startRawFiles } from './raw-files.ts';

const DOCUMENTS = 50;
const BUDGET = 0.7;
const ROUNDS = 16;
const ROUND_MS = 2_000;
const WARM_MS = 5_000;
const FIRST_BYTES = 40;
const FIRST_BYTE_BUDGET_MS = 100;
/** ZIPs that are open at once while memory is read: held whole, 800 MB, more than any pool hides. */
const OPEN = 16;
/** Megabytes that a ZIP of 50 MB may hold more than one of 5 MB. */
const MEMORY_BUDGET_MB = 4;

const SIZES = [
  { name: '100 kB', bytes: 100_000, kind: 'packing_slip' },
  { name: '1 MB', bytes: 1_000_000, kind: 'proof_of_delivery' },
] as const;

type Zips = {
  take(): Promise<Response>;
  /** Bytes of the ZIP, and of the documents alone. */
  length: number;
  raw(): Promise<Response>;
  rawLength: number;
};

export const zip: Bench = async ({ stack }) => {
  const { org, visitors } = await makeSupplier(stack, 1);
  const ours = servingProcesses();
  const bare = await startRawFiles(stack);
  const headers = { Cookie: visitors[0]?.cookie ?? '', ...PLAIN };
  try {
    const measures: Measure[] = [];
    const sizes: Zips[] = [];
    for (const { name, bytes, kind } of SIZES) {
      const numbers = Array.from({ length: DOCUMENTS }, (_, i) => `${kind}-${i}`);
      const papers = await publishPapers(
        stack,
        org,
        await Promise.all(
          numbers.map(async (number) => ({
            customer: 'C-0',
            kind,
            number,
            bytes: await scanOf(bytes),
          })),
        ),
      );
      for (const [at, paper] of papers.entries()) {
        await bare.put(`${kind}${at}`, paper.bytes);
      }
      const rawLength = papers.reduce((sum, paper) => sum + paper.bytes.byteLength, 0);
      const take = () =>
        stack.fetch(`${PORTAL}/api/portal/customer/me/documents.zip?kind=${kind}`, { headers });
      const length = (await (await take()).arrayBuffer()).byteLength;
      if (length <= rawLength) {
        throw new Error(`a ZIP of ${length} bytes does not hold ${rawLength}`);
      }
      const raw = () => bare.fetch(`streams?key=${kind}&count=${DOCUMENTS}&length=${rawLength}`);
      const zips = { take, length, raw, rawLength };
      measures.push(await against(name, zips), await firstByte(name, zips));
      sizes.push(zips);
    }
    const [small, large] = sizes;
    return small && large ? [...measures, ...(await memory(ours, small, large))] : measures;
  } finally {
    await bare.stop();
  }
};

async function against(name: string, { take, length, raw, rawLength }: Zips): Promise<Measure> {
  const ours = async () => {
    await readToEnd(await openBody(take()), length);
  };
  const streams = async () => {
    await readToEnd(await openBody(raw()), rawLength);
  };
  await throughput(1, WARM_MS, ours);
  await throughput(1, WARM_MS, streams);
  const { value, baseline, ratio } = await inTurn(
    ROUNDS,
    () => throughput(1, ROUND_MS, ours),
    () => throughput(1, ROUND_MS, streams),
  );
  return {
    name: `zip, ${DOCUMENTS} of ${name}`,
    value: rounded(value),
    unit: 'ZIPs/s',
    baseline: rounded(baseline),
    ratio: rounded(ratio),
    budget: `>= ${BUDGET}`,
    ok: ratio >= BUDGET,
  };
}

async function firstByte(name: string, { take, length, raw, rawLength }: Zips): Promise<Measure> {
  const timed = (ask: () => Promise<Response>, length: number) => async () => {
    const startedAt = performance.now();
    return (await readToEnd(await openBody(ask()), length)) - startedAt;
  };
  const value = median(await repeat(FIRST_BYTES, timed(take, length)));
  const baseline = median(await repeat(FIRST_BYTES, timed(raw, rawLength)));
  return {
    name: `zip, first byte of ${DOCUMENTS} of ${name}`,
    value: rounded(value),
    unit: 'ms',
    baseline: rounded(baseline),
    ratio: null,
    budget: `<= ${FIRST_BYTE_BUDGET_MS} ms`,
    ok: value <= FIRST_BYTE_BUDGET_MS,
  };
}

/** Nothing where no process is known: only Linux tells. */
async function memory(ours: readonly number[], small: Zips, large: Zips): Promise<Measure[]> {
  const [pid] = ours;
  const [barePid] = servingProcesses().filter((other) => !ours.includes(other));
  if (pid === undefined || barePid === undefined) {
    return [];
  }
  const zips = (zips: Zips) => () => readAtOnce(OPEN, zips.take, () => zips.length);
  const streams = (zips: Zips) => () => readAtOnce(OPEN, zips.raw, () => zips.rawLength);
  const value = await growthOf(1, pid, { small: zips(small), large: zips(large) });
  const baseline = await growthOf(1, barePid, { small: streams(small), large: streams(large) });
  return [
    {
      name: 'zip, memory',
      value: rounded(value / OPEN),
      unit: 'MB a ZIP',
      baseline: rounded(baseline / OPEN),
      ratio: null,
      budget: `<= ${MEMORY_BUDGET_MB} MB`,
      ok: value / OPEN <= MEMORY_BUDGET_MB,
    },
  ];
}
