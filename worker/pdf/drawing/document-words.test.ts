import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../vocabulary.ts';
import { DOCUMENT_WORDS, type DocumentWords } from './document-words.ts';

/** Every word, those that take values with values in them. */
function said(words: DocumentWords): [string, string][] {
  const { title, copyOf, customerCode, taxId, total, asOf, page, ...plain } = words;
  return [
    ...Object.entries(plain),
    ...Object.entries(title),
    ['copyOf', copyOf('ACME')],
    ['customerCode', customerCode('C-1')],
    ['taxId', taxId('PL1')],
    ['total', total(null)],
    ['total of a currency', total('EUR')],
    ['asOf', asOf('today')],
    ['page', page(2, 3)],
  ];
}

describe('the words of documents', () => {
  it.each(LOCALES)('are all there in %s', (language) => {
    for (const [, word] of said(DOCUMENT_WORDS[language])) {
      expect(word).toMatch(/\p{L}/u);
      expect(word.trim()).toBe(word);
    }
  });

  it.each(['es', 'pl'] as const)('are not English in %s', (language) => {
    const english = new Map(said(DOCUMENT_WORDS.en));
    const same = said(DOCUMENT_WORDS[language]).filter(([key, word]) => english.get(key) === word);
    const shared = language === 'es' ? ['subtotal', 'total', 'total of a currency'] : [];
    expect(same.map(([key]) => key)).toEqual(shared);
  });

  it('carry the values they are given', () => {
    for (const language of LOCALES) {
      const words = DOCUMENT_WORDS[language];
      expect(words.copyOf('ACME')).toMatch(/ACME\.$/);
      expect(words.copyOf('ACME S.A.')).toMatch(/ACME S\.A\.$/);
      expect(words.page(2, 3)).toMatch(/2.*3/);
      expect(words.total('EUR')).toContain('EUR');
      expect(words.total(null)).not.toContain('null');
    }
  });
});
