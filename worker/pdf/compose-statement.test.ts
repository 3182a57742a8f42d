import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../vocabulary.ts';
import { composeStatement, type DrawnStatement } from './compose-statement.ts';
import type { DrawnMovement } from './drawing/drawn-statement.ts';
import { STATEMENT_WORDS } from './drawing/statement-words.ts';

const movement = (at: number): DrawnMovement => ({
  date: '2026-10-05',
  kind: 'invoice',
  number: `FV/${at}/Łódź`,
  reference: null,
  dueOn: '2026-11-04',
  debit: '10.00',
  credit: null,
  balance: `${(at + 1) * 10}.00`,
  isUnder: false,
});
const account = (count: number, more: Partial<DrawnStatement> = {}): DrawnStatement => ({
  kind: 'statement',
  language: 'en',
  supplier: {
    name: 'Śruby Łódź S.A.',
    address: 'ul. Żwirki 7\n90-001 Łódź',
    contactEmail: null,
    contactPhone: null,
    colour: '#1b4f8f',
  },
  logo: null,
  customer: { name: 'Żółta Gęś sp. z o.o.', code: 'C-77', taxId: null, country: 'PL' },
  number: 'ST-2026-10-C-77',
  asOf: '2026-11-01T05:00:00Z',
  stamp: {
    customerName: 'Żółta Gęś sp. z o.o.',
    text: '2026-11-01 05:00 UTC  link ab3F  ref 7A3F-09BC-0000-1111',
  },
  statement: {
    from: '2026-10-01',
    to: '2026-10-31',
    leftOut: [],
    blocks: [
      {
        currency: 'PLN',
        opening: '0.00',
        debits: `${count * 10}.00`,
        credits: '0.00',
        closing: `${count * 10}.00`,
        undated: 0,
        aging: {
          current: `${count * 10}.00`,
          to30: '0.00',
          to60: '0.00',
          to90: '0.00',
          to120: '0.00',
          over120: '0.00',
          unallocated: '0.00',
        },
        movements: Array.from({ length: count }, (_, at) => movement(at)),
      },
    ],
  },
  ...more,
});

async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: false });
  return text;
}

describe('a statement on paper', () => {
  it.each(LOCALES)('speaks %s, with every letter of its names', async (language) => {
    const [page = ''] = await pagesOf(await composeStatement(account(3, { language })));
    const words = STATEMENT_WORDS[language];
    for (const said of [words.title, words.opening, words.closing, 'FV/2/Łódź', 'Żółta Gęś']) {
      expect(page).toContain(said);
    }
  });

  it('carries its balance from page to page, under the same headings, with the stamp on each', async () => {
    const pages = await pagesOf(await composeStatement(account(120)));
    expect(pages.length).toBeGreaterThan(2);
    for (const [at, page] of pages.entries()) {
      expect(page).toContain(`Page ${at + 1} of ${pages.length}`);
      expect(page).toContain('7A3F-09BC-0000-1111');
    }
    const carried = (page = '', words = '') => new RegExp(`${words}\\s+([\\d,.]+)`).exec(page)?.[1];
    const [first, second] = pages;
    expect(second).toContain('Balance');
    expect(carried(first, 'Carried forward')).toMatch(/\d/);
    expect(carried(second, 'Brought forward')).toBe(carried(first, 'Carried forward'));
  });

  const wordsOf = async (leftOut: string[], later = 0) => {
    const { statement } = account(0);
    const bytes = await composeStatement(
      account(0, { statement: { ...statement, blocks: [], leftOut, later } }),
    );
    return (await pagesOf(bytes)).join(' ').replace(/\s+/g, ' ');
  };

  it('says when nothing moved and nothing is owed', async () => {
    expect(await wordsOf([])).toContain(STATEMENT_WORDS.en.nothing);
  });

  it('never says that nothing is owed where a currency is not shown', async () => {
    const said = await wordsOf(['USD']);
    expect(said).toContain(STATEMENT_WORDS.en.leftOut('USD'));
    expect(said).not.toContain(STATEMENT_WORDS.en.nothing);
  });

  it('never says that nothing is owed where something is dated later', async () => {
    const said = await wordsOf([], 1);
    expect(said).toContain(STATEMENT_WORDS.en.later(1));
    expect(said).not.toContain(STATEMENT_WORDS.en.nothing);
  });

  it('is the same file for the same account', async () => {
    const [one, other] = [await composeStatement(account(2)), await composeStatement(account(2))];
    expect(one).toEqual(other);
  });

  // It is whole before its first byte is sent, since each page says how many there are; a page that is full is
  // held as it is in the file.
  it('of 5,000 movements is drawn in seconds, and small beside what an isolate may hold', async () => {
    const [before, startedAt] = [process.memoryUsage(), performance.now()];
    const bytes = await composeStatement(account(5_000));
    const seconds = (performance.now() - startedAt) / 1000;
    // With all that nobody has collected yet: an upper bound.
    const after = process.memoryUsage();
    const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    const megabytes = (held / 2 ** 20).toFixed(0);
    console.info(
      `5,000 movements: ${seconds.toFixed(1)} s, ${bytes.byteLength} bytes, ${megabytes} MB on the way`,
    );
    expect(seconds).toBeLessThan(50);
    expect(bytes.byteLength).toBeLessThan(2 ** 20);
  }, 60_000);
});
