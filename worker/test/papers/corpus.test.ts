/**
 * The wrong-customer guard against papers as suppliers make them: none is held up under its own
 * row, and none gets by under another's.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { chance } from '../../../scripts/demo/chance.ts';
import { csvOf, makeOrg, type Org } from '../cast.ts';
import { useStack } from '../stack.ts';
import { SUPPLIER } from './corpus/buyers.ts';
import { type Corpus, corpus, type Paper } from './corpus/corpus.ts';
import { rowsOf, trade } from './corpus/trade.ts';
import { kept, run } from './tools.ts';

type Problem = { code: string; severity: string; value?: string };
type Item = { fields: { file_name: string }; blocked: boolean; problems: Problem[] };
type Review = { items: Item[]; nextCursor: string | null };

const UPLOADS_AT_ONCE = 8;
const MERGED = 30;

let org: Org;
let all: Corpus;
let publishId: string;

beforeAll(async () => {
  const stack = await useStack();
  org = await makeOrg(stack, SUPPLIER.name);
  // Copies are not what is asked here.
  await stack.sql('update portal.orgs set stamping = false where id = $1', [org.id]);
  all = await corpus();
  publishId = await staged(all.rows);
}, 300_000);

async function staged(rows: Record<string, string>[]): Promise<string> {
  const { status, body } = await org.clerk.importCsv(csvOf(rows));
  expect(status).toBe(201);
  expect(body.import.problems).toEqual([]);
  return body.publishId;
}

/** Uploads files under names, and gives what the review then says of each, by name. */
async function reviewed(
  publish: string,
  files: readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[],
): Promise<Map<string, Item>> {
  for (let from = 0; from < files.length; from += UPLOADS_AT_ONCE) {
    const some = files.slice(from, from + UPLOADS_AT_ONCE);
    const answers = await Promise.all(
      some.map(([name, bytes]) => org.clerk.uploadPdf(publish, name, bytes)),
    );
    expect(answers.map(({ status }) => status)).toEqual(some.map(() => 201));
  }
  const items = new Map<string, Item>();
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const path: string = `publishes/${publish}/review?kind=document&cursor=${cursor}`;
    const { body } = await org.approver.get<Review>(path);
    for (const item of body.items) items.set(item.fields.file_name, item);
    cursor = body.nextCursor;
  }
  return items;
}

const codes = (item: Item | undefined) => item?.problems.map(({ code }) => code) ?? [];
const isOthers = (item: Item | undefined) =>
  item?.blocked === true && codes(item).includes('of_other_customer');
/** One line for each paper that fails, so that a failure says which and why. */
const told = ({ name, make }: Paper, under: string, item: Item | undefined) =>
  `${name} (${make}) under ${under}: ${JSON.stringify(item?.problems)}`;

test('papers under their own rows pass, and warnings are true', async () => {
  const items = await reviewed(
    publishId,
    all.papers.map(({ name, bytes }) => [name, bytes]),
  );
  expect(items.size).toBe(all.papers.length);
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  for (const paper of all.papers) {
    const item = items.get(paper.name);
    for (const code of codes(item)) counts.set(code, (counts.get(code) ?? 0) + 1);
    if (paper.make === 'a scan') {
      if (codes(item).join() !== 'no_text') wrong.push(told(paper, 'its own row', item));
    } else if (paper.make === 'read from a scan') {
      // What was misread is not found; nothing more.
      if (item?.blocked !== false) wrong.push(told(paper, 'its own row', item));
    } else if (item === undefined || item.problems.length > 0) {
      wrong.push(told(paper, 'its own row', item));
    }
  }
  console.log(`${all.papers.length} papers:`, Object.fromEntries(counts));
  expect(wrong).toEqual([]);
});

describe('a paper of another customer is blocked', () => {
  test('in a swapped pair, on both sides', async () => {
    const pairs = pairsOf(all.papers);
    const items = await reviewed(
      publishId,
      pairs.flatMap(([a, b]) => [
        [a.name, b.bytes],
        [b.name, a.bytes],
      ]),
    );
    const sides = pairs.flatMap(([a, b]) => [
      { under: a.name, paper: b },
      { under: b.name, paper: a },
    ]);
    const readable = sides.filter(({ paper }) => paper.make !== 'a scan');
    const missed = readable.filter(({ under }) => !isOthers(items.get(under)));
    console.log(
      `${pairs.length} pairs swapped: ${readable.length - missed.length} papers blocked,`,
    );
    console.log(`${sides.length - readable.length} scans, which name nobody`);
    expect(missed.map(({ under, paper }) => told(paper, under, items.get(under)))).toEqual([]);
  });

  test('in the pages of a merged print', async () => {
    const by = chance('merged');
    const readable = all.papers.filter(({ make }) => make !== 'a scan');
    const merged = by.sample(readable, MERGED).map((paper) => {
      const others = readable.filter((other) => !isSame(other, paper) && isTelling(other));
      return { paper, other: by.pick(others) };
    });
    const items = await reviewed(
      publishId,
      merged.map(({ paper, other }) => [paper.name, joined(paper.bytes, other.bytes)]),
    );
    const missed = merged.filter(({ paper }) => !isOthers(items.get(paper.name)));
    console.log(`${merged.length - missed.length} of ${merged.length} merged prints blocked`);
    expect(missed.map((m) => told(m.other, m.paper.name, items.get(m.paper.name)))).toEqual([]);
  });

  test('also when no row lists its number', async () => {
    const by = chance('unlisted');
    const deals = trade().filter(({ buyer }) => buyer.code === 'LODZ-007');
    const own = deals.flatMap(({ slips }) => slips);
    const others = all.papers.filter(
      (paper) => paper.deal.buyer.code !== 'LODZ-007' && isLegible(paper),
    );
    const publish = await staged(rowsOf(deals));
    const strangers = by.sample(others, own.length);
    const files = strangers.map(({ bytes }, at) => [own[at]?.fileName ?? '', bytes] as const);
    const items = await reviewed(publish, files);
    const missed = strangers.filter((_, at) => !isOthers(items.get(own[at]?.fileName ?? '')));
    expect(missed.map((paper) => told(paper, 'LODZ-007', undefined))).toEqual([]);
  });
});

/** Every paper in one pair, as far as its customers differ: who is left over stays out. */
function pairsOf(papers: readonly Paper[]): [Paper, Paper][] {
  const rest = chance('swapped').sample(papers, papers.length);
  const pairs: [Paper, Paper][] = [];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    const paper = one;
    const at = rest.findIndex((other) => !isSame(other, paper));
    const [other] = at === -1 ? [] : rest.splice(at, 1);
    if (other) pairs.push([paper, other]);
  }
  return pairs;
}

const isSame = (one: Paper, other: Paper) => one.deal.buyer.code === other.deal.buyer.code;
const isLegible = ({ make }: Paper) => make !== 'a scan' && make !== 'read from a scan';
/**
 * Whether a page says whose it is where another's number and name stand too. A name of one common
 * word without a legal form, with numbers of digits alone, could be a city and an article.
 */
const isTelling = ({ deal }: Paper) => deal.buyer.code !== '10022';

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const joint = run('qpdf', '--empty', '--pages', kept(one), kept(other), '--', '-');
  return Uint8Array.from(joint);
}
