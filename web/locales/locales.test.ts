/** Every catalogue says in Spanish and Polish what it says in English. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';

type Branch = { [name: string]: string | Branch };
type Forms = { [count: string]: string };

const folder = new URL('.', import.meta.url);
/** `''` is what is at hand on every page, `admin.` the console's. */
const catalogues = readdirSync(folder)
  .filter((name) => /(^|\.)en\.json$/.test(name))
  .map((name) => name.replace(/en\.json$/, ''));

/** Every message by its path, as its forms: a plural's, or one alone. */
function messagesOf(file: string): Map<string, Forms> {
  const found = new Map<string, Forms>();
  const visit = (branch: Branch, path: string) => {
    for (const [name, value] of Object.entries(branch)) {
      if (typeof value === 'string') found.set(path + name, { other: value });
      else if (typeof value.other === 'string')
        found.set(path + name, value as Forms); // nothing below it
      else visit(value, `${path}${name}.`);
    }
  };
  visit(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), '');
  return found;
}

const placeholders = (form = '') =>
  [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}`).sort();

/** May be the same: what stands on a copy, names, and words that languages share. */
const ONE_FOR_ALL = [
  'admin.encodings.utf16le',
  'admin.encodings.utf8',
  'admin.stampedPage.before',
  'document.pdf',
  'exports.formats.quickbooks',
  'exports.formats.sage50',
  'exports.formats.ubl',
  'orders.said.status',
  'orders.said.total',
];

test('there are catalogues, each in three languages', () => {
  expect(catalogues).toEqual(expect.arrayContaining(['', 'admin.', 'later.']));
  expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toHaveLength(
    3 * catalogues.length,
  );
});

test.each(catalogues.filter((name) => name !== 'admin.'))(
  'a customer is not addressed as a friend: %spl.json',
  (catalogue) => {
    const forms = [...messagesOf(`${catalogue}pl.json`).values()].flatMap(Object.values<string>);
    expect(forms.filter((form) => /Tw[oó]j|\bCi\b|Ciebie/.test(form))).toEqual([]);
  },
);

test.each(catalogues)('a credit note has one name in %ses.json', (catalogue) => {
  const forms = [...messagesOf(`${catalogue}es.json`).values()].flatMap(Object.values<string>);
  expect(forms.filter((form) => /\babon[oa]|\bnotas? de cr[eé]dito|\bNC-/i.test(form))).toEqual([]);
});

// Within a sentence it may be short, as it is for whoever speaks of it.
test.each(catalogues.filter((name) => name !== 'admin.'))(
  'a credit note has its whole name where it is one: %spl.json',
  (catalogue) => {
    const forms = [...messagesOf(`${catalogue}pl.json`).values()].flatMap(Object.values<string>);
    expect(forms.filter((form) => /^Korekt/.test(form))).toEqual([]);
  },
);

test.each(['en', 'es', 'pl'])(
  'a line is numbered in the column that its download has: %s',
  (locale) => {
    const fix = messagesOf(`admin.${locale}.json`).get('remedies.line_unplaced')?.other ?? '';
    // It is ours, and only there where the file has none of its own.
    expect(fix).toMatch(/\(line_number[^)]+\)/);
  },
);

describe.each(['es', 'pl'] as const)('%s', (locale) => {
  const needed = new Set(
    Array.from({ length: 200 }, (_, count) => new Intl.PluralRules(locale).select(count)),
  );

  describe.each(catalogues)(`%s${locale}.json`, (catalogue) => {
    const english = messagesOf(`${catalogue}en.json`);
    const translated = messagesOf(`${catalogue}${locale}.json`);

    it('has exactly the messages of English', () => {
      expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
    });

    it('keeps the placeholders of every message, in every plural form', () => {
      for (const [path, forms] of english) {
        const wanted = placeholders(forms.other);
        for (const [count, form] of Object.entries(translated.get(path) ?? {})) {
          const own = placeholders(form);
          // "One" may go without saying.
          const isSilent = count === 'one' && !own.includes('count');
          expect(own, `${path}.${count}`).toEqual(
            isSilent ? wanted.filter((name) => name !== 'count') : wanted,
          );
        }
      }
    });

    it('has every plural form that its language needs for whole numbers', () => {
      for (const [path, forms] of english) {
        if (Object.keys(forms).length === 1) continue;
        const own = Object.keys(translated.get(path) ?? {});
        expect(own, path).toEqual(expect.arrayContaining([...needed, 'other']));
      }
    });

    it('leaves no sentence in English', () => {
      const same = [...english].filter(
        ([path, { other = '' }]) =>
          other.includes(' ') &&
          /\p{L}{2}/u.test(other.replace(/\{\w+\}/g, '')) &&
          other === translated.get(path)?.other,
      );
      const paths = same.map(([path]) => catalogue + path);
      expect(paths.filter((path) => !ONE_FOR_ALL.includes(path))).toEqual([]);
    });
  });
});
