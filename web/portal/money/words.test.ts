/** What i18n.test.ts says of the shared words, for those of invoices. */
import { describe, expect, it } from 'vitest';
import { INVOICE_FILTERS, INVOICE_STATUSES } from '../../../worker/vocabulary.ts';
import en from '../../locales/money.en.json';
import es from '../../locales/money.es.json';
import pl from '../../locales/money.pl.json';

type Branch = { [name: string]: string | Branch };

/** Every message by its path, as its forms. */
function messages(branch: Branch, path = ''): [string, Record<string, string>][] {
  return Object.entries(branch).flatMap(([name, value]): [string, Record<string, string>][] => {
    if (typeof value === 'string') return [[`${path}${name}`, { other: value }]];
    // A plural has forms and nothing below them.
    if (typeof value.other === 'string')
      return [[`${path}${name}`, value as Record<string, string>]];
    return messages(value, `${path}${name}.`);
  });
}
const names = (form: string) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe.each([
  ['es', messages(es)],
  ['pl', messages(pl)],
] as const)('the words of invoices in %s', (locale, translated) => {
  const found = new Map(translated);

  it('are exactly those of English, with their placeholders and plural forms', () => {
    expect([...found.keys()]).toEqual(messages(en).map(([path]) => path));
    const needed = new Set(
      Array.from({ length: 200 }, (_, count) => new Intl.PluralRules(locale).select(count)),
    );
    for (const [path, forms] of messages(en)) {
      const own = found.get(path) ?? {};
      for (const form of Object.values(own))
        expect(names(form), path).toEqual(names(forms.other ?? ''));
      if (forms.one) expect(Object.keys(own), path).toEqual(expect.arrayContaining([...needed]));
    }
  });

  it('leave no sentence in English', () => {
    const english = new Map(messages(en));
    const same = [...found].filter(
      ([path, { other = '' }]) => other.includes(' ') && other === english.get(path)?.other,
    );
    expect(same).toEqual([]);
  });
});

it('there are words for every kind and status', () => {
  expect(Object.keys(en.status)).toEqual(['all', ...INVOICE_FILTERS]);
  expect(Object.keys(en.badge)).toEqual(expect.arrayContaining([...INVOICE_STATUSES]));
});
