/**
 * `download`: documents a second, stamped, checked and audited, against the raw stream of the same
 * bytes out of another bucket, in the same runtime; and what memory a large one takes. `download-rewrite`:
 * the same against a Worker that rewrites the PDF for each download.
 *
 * Every processor is busy, with the clients and the database too. So a question to the database costs a
 * good part of 1 MB, whoever asks it: what a bare Worker is left with after an empty one is shown beside.
 */
import { PORTAL, type Stack } from '../../worker/test/stack.ts';
import { type Bench, inTurn, type Measure, rounded, throughput } from './bench.ts';
import { makeSupplier } from './fill.ts';
import { growthOf, readAtOnce, servingProcesses } from './memory.ts';
import { type LivePaper, printOf, publishPapers, scanOf } from './papers.ts';
import { openBody, PLAIN, type RawFiles, readToEnd, startRawFiles } from './raw-files.ts';

const CLIENTS = 4;
const BUDGET = 0.8;
const REWRITE_BUDGET = 10;
const WARM_MS = 5_000;
const ROUNDS = 16;
const SIZES = [
  // Of so little, the question to the database is most: the baseline asks one too, of nothing.
  { name: '100 kB', bytes: 100_000, baseline: 'batched', roundMs: 1_000 },
  { name: '1 MB', bytes: 1_000_000, baseline: 'raw', roundMs: 1_000 },
  { name: '20 MB', bytes: 20_000_000, baseline: 'raw', roundMs: 3_000 },
];
/** Downloads that are open at once while memory is read: held whole, 1.3 GB, more than any pool hides. */
const OPEN = 64;
const MEMORY_ROUNDS = 1;
/** Megabytes a download may hold more of a large document than of a small one. */
const MEMORY_BUDGET_MB = 2;
/** What a Worker that holds the file must be seen to take, or the reading is blind. */
const SEEN_MB = 10;

/** Both sides of some papers, one for each client; more clients than papers share them. */
type Sides = {
  /** Takes the document of a client's and reads it to its end. */
  ours(client: number): Promise<void>;
  /** The same of the bare Worker's at a path. */
  bareAt(path: string): (client: number) => Promise<void>;
  take(client: number): Promise<Response>;
  raw(path: string, client: number): Promise<Response>;
  lengthOf(client: number): number;
};

export const download: Bench = async ({ stack }) => {
  const { org, visitors } = await makeSupplier(stack, CLIENTS);
  const ours = servingProcesses();
  const bare = await startRawFiles(stack);
  try {
    const measures: Measure[] = [];
    const sides: Sides[] = [];
    for (const { name, bytes, baseline, roundMs } of SIZES) {
      const papers = await publishPapers(
        stack,
        org,
        await Promise.all(visitors.map(async (_, i) => paperOf(name, i, await scanOf(bytes)))),
      );
      const both = await sidesOf(stack, bare, papers, visitors, name);
      await Promise.all(papers.map((paper, client) => mustBeSpliced(both, paper, client)));
      const { ours, bareAt } = both;
      measures.push(
        await compare(`download, ${name}`, ours, bareAt(baseline), roundMs, BUDGET),
        await compare(
          `raw after a batch, ${name}`,
          bareAt('batched'),
          bareAt('raw'),
          roundMs,
          null,
        ),
      );
      sides.push(both);
    }
    const [small, , large] = sides;
    if (small && large) {
      measures.push(...(await memory(ours, small, large)));
    }
    return measures;
  } finally {
    await bare.stop();
  }
};

export const downloadRewrite: Bench = async ({ stack }) => {
  const { org, visitors } = await makeSupplier(stack, CLIENTS);
  const bare = await startRawFiles(stack);
  try {
    const measures: Measure[] = [];
    for (const { name, make, budget } of [
      { name: '1 MB print', make: printOf, budget: REWRITE_BUDGET },
      // One large object, which pdf-lib copies unread: what rewriting it takes is memory.
      { name: '1 MB scan', make: scanOf, budget: null },
    ]) {
      const papers = await publishPapers(
        stack,
        org,
        await Promise.all(visitors.map(async (_, i) => paperOf(name, i, await make(1_000_000)))),
      );
      const { ours, bareAt } = await sidesOf(stack, bare, papers, visitors, name);
      measures.push(
        await compare(`download-rewrite, ${name}`, ours, bareAt('rewritten'), 2_000, budget),
      );
    }
    return measures;
  } finally {
    await bare.stop();
  }
};

function paperOf(name: string, client: number, bytes: Uint8Array<ArrayBuffer>) {
  const number = `${name}-${client}`.replace(/\W+/g, '-');
  return { customer: `C-${client}`, kind: 'packing_slip', number, bytes } as const;
}

/** Puts each client's paper into the other bucket, as it lies in ours. */
async function sidesOf(
  stack: Stack,
  bare: RawFiles,
  papers: readonly LivePaper[],
  visitors: readonly { cookie: string }[],
  name: string,
): Promise<Sides> {
  const prefix = encodeURIComponent(name);
  for (const [client, { bytes }] of papers.entries()) {
    await bare.put(`${name}${client}`, bytes);
  }
  const of = (client: number) => client % papers.length;
  const take = (client: number) => {
    const path = `/api/portal/customer/me/documents/${papers[of(client)]?.id}`;
    const headers = { Cookie: visitors[of(client)]?.cookie ?? '', ...PLAIN };
    return stack.fetch(`${PORTAL}${path}`, { headers });
  };
  const raw = (path: string, client: number) => bare.fetch(`${path}?key=${prefix}${of(client)}`);
  const lengthOf = (client: number) => papers[of(client)]?.bytes.byteLength ?? 0;
  return {
    take,
    raw,
    lengthOf,
    async ours(client) {
      await readToEnd(await openBody(take(client)), lengthOf(client));
    },
    bareAt: (path) => async (client) => {
      const length = path === 'rewritten' ? null : lengthOf(client);
      await readToEnd(await openBody(raw(path, client)), length);
    },
  };
}

/** What is measured is the stored copy but for its slot, which has a stamp. */
async function mustBeSpliced({ take }: Sides, { bytes, slotOffset }: LivePaper, client: number) {
  const copy = Buffer.from(await (await take(client)).arrayBuffer());
  const slot = copy.subarray(slotOffset, slotOffset + 64).toString('latin1');
  const rest = Buffer.from(bytes).fill(slot, slotOffset, slotOffset + 64, 'latin1');
  if (!/ UTC {2}link \w{4} {2}ref [-\w]{19} *$/.test(slot) || !copy.equals(rest)) {
    throw new Error('the copy is not the stored one with a stamp in it');
  }
}

/** Downloads a second, against another way to them. */
async function compare(
  name: string,
  measured: (client: number) => Promise<void>,
  baseline: (client: number) => Promise<void>,
  roundMs: number,
  budget: number | null,
): Promise<Measure> {
  await throughput(CLIENTS, WARM_MS, measured);
  await throughput(CLIENTS, WARM_MS, baseline);
  const found = await inTurn(
    ROUNDS,
    () => throughput(CLIENTS, roundMs, measured),
    () => throughput(CLIENTS, roundMs, baseline),
  );
  return {
    name,
    value: rounded(found.value),
    unit: 'downloads/s',
    baseline: rounded(found.baseline),
    ratio: rounded(found.ratio),
    budget: budget === null ? 'none' : `>= ${budget}`,
    ok: budget === null || found.ratio >= budget,
  };
}

/** Nothing where no process is known: only Linux tells. */
async function memory(ours: readonly number[], small: Sides, large: Sides): Promise<Measure[]> {
  const [pid] = ours;
  const [barePid] = servingProcesses().filter((other) => !ours.includes(other));
  if (pid === undefined || barePid === undefined) {
    return [];
  }
  type Ask = (side: Sides, client: number) => Promise<Response>;
  const growth = async (pid: number, count: number, ask: Ask) => {
    const many = (side: Sides) => () =>
      readAtOnce(count, (client) => ask(side, client), side.lengthOf);
    return (await growthOf(MEMORY_ROUNDS, pid, { small: many(small), large: many(large) })) / count;
  };
  const value = await growth(pid, OPEN, ({ take }, client) => take(client));
  const baseline = await growth(barePid, OPEN, ({ raw }, client) => raw('raw', client));
  // Fewer of these: so many would be more than the runtime gives.
  const held = await growth(barePid, CLIENTS, ({ raw }, client) => raw('held', client));
  if (held < SEEN_MB) {
    throw new Error(`a Worker that holds 20 MB a download is seen to take ${held} MB`);
  }
  return [
    {
      name: 'download, memory',
      value: rounded(value),
      unit: 'MB a download',
      baseline: rounded(baseline),
      ratio: null,
      budget: `<= ${MEMORY_BUDGET_MB} MB`,
      ok: value <= MEMORY_BUDGET_MB,
    },
  ];
}
