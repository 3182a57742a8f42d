/** A statement as another reader finds it: its figures stand in their rows, and its pages carry them on. */
import { describe, expect, test } from 'vitest';
import { composeStatement, type DrawnStatement } from '../../pdf/compose-statement.ts';
import { textOf } from './tools.ts';

const MOVEMENTS = 90;
const total = (count: number) => `${(count * 1234.5).toFixed(2)}`;
const STATEMENT: DrawnStatement = {
  kind: 'statement',
  language: 'pl',
  supplier: {
    name: 'Śruby Łódź S.A.',
    address: null,
    contactEmail: null,
    contactPhone: null,
    colour: '#1b4f8f',
  },
  logo: null,
  customer: { name: 'Żółta Gęś', code: 'C-77', taxId: null, country: null },
  number: 'ST-2026-10-C-77',
  asOf: '2026-11-01T05:00:00Z',
  stamp: { customerName: 'Żółta Gęś', text: 'link ab3F  ref 7A3F-09BC-0000-1111' },
  statement: {
    from: '2026-10-01',
    to: '2026-10-31',
    leftOut: [],
    blocks: [
      {
        currency: 'PLN',
        opening: '-99.50',
        debits: total(MOVEMENTS),
        credits: '0.00',
        closing: (MOVEMENTS * 1234.5 - 99.5).toFixed(2),
        undated: 0,
        aging: {
          current: total(MOVEMENTS),
          to30: '0.00',
          to60: '0.00',
          to90: '0.00',
          to120: '0.00',
          over120: '0.00',
          unallocated: '-99.50',
        },
        movements: Array.from({ length: MOVEMENTS }, (_, at) => ({
          date: '2026-10-05',
          kind: 'invoice',
          number: `FV/${at}`,
          reference: null,
          dueOn: '2026-11-04',
          debit: '1234.50',
          credit: null,
          balance: ((at + 1) * 1234.5 - 99.5).toFixed(2),
          isUnder: false,
        })),
      },
    ],
  },
};

/** The figure that ends the first line with these words, as a decimal. */
function figureAfter(page: string, words: string): string | undefined {
  const line = page.split('\n').find((one) => one.includes(words));
  return line
    ?.match(/[−-]?\d[\d\u00a0 ]*,\d\d(?=\s*$)/)?.[0]
    .replace(/[\u00a0 ]/g, '')
    .replace('−', '-')
    .replace(',', '.');
}

describe('a statement, read back', () => {
  test('has the closing balance that it was drawn with', async () => {
    const pages = textOf(await composeStatement(STATEMENT));
    const [block] = STATEMENT.statement.blocks;
    const last = pages.find((page) => page.includes('Saldo końcowe PLN')) ?? '';
    expect(figureAfter(last, 'Saldo końcowe PLN')).toBe(block?.closing);
    expect(figureAfter(pages[0] ?? '', 'Saldo początkowe')).toBe('-99.50');
  });

  test('takes up on each page what the one before it carried on', async () => {
    const pages = textOf(await composeStatement(STATEMENT));
    expect(pages.length).toBeGreaterThan(1);
    for (const [at, page] of pages.slice(1).entries()) {
      const brought = figureAfter(page, 'Z przeniesienia');
      if (brought === undefined) continue;
      expect(brought).toBe(figureAfter(pages[at] ?? '', 'Do przeniesienia'));
    }
    expect(figureAfter(pages[1] ?? '', 'Z przeniesienia')).toBeDefined();
  });
});
