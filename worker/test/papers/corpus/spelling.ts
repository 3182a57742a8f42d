/** How papers spell what an index has: names, numbers and amounts. */

export const NAME_SPELLINGS = [
  'as listed',
  'upper case',
  'form spelled out',
  'over two lines',
  'hyphenated',
  'without accents',
  'with a soft hyphen',
  'umlauts as two letters',
] as const;
export type NameSpelling = (typeof NAME_SPELLINGS)[number];

export const NUMBER_SPELLINGS = ['as listed', 'spaces', 'en dashes', 'no-break', 'loose'] as const;
export type NumberSpelling = (typeof NUMBER_SPELLINGS)[number];

export const MONEY_SPELLINGS = ['1.234,50', '1 234,50', '1,234.50', '1’234.50', '1234.50'] as const;
export type MoneySpelling = (typeof MONEY_SPELLINGS)[number];

const SPELLED_OUT: readonly (readonly [RegExp, string])[] = [
  [/Sp\. z o\.o\./, 'Spółka z ograniczoną odpowiedzialnością'],
  [/Spółka z o\.o\. sp\. k\./, 'Spółka z o.o. spółka komandytowa'],
  [/S\.A\./, 'SA'],
  [/S\.L\./, 'Sociedad Limitada'],
  [/\bLtd\b/, 'Limited'],
  [/\bLimited\b/, 'Ltd.'],
  [/GmbH & Co\. KG/, 'GmbH & Co.KG'],
  [/e\.K\./, 'e. Kfm.'],
];
const LETTERS: Record<string, string> = { ł: 'l', Ł: 'L', ß: 'ss', ø: 'o' };

/** A name as one or more lines. */
export function spellName(name: string, how: NameSpelling): string[] {
  const words = name.split(' ');
  const long = words.findIndex((word) => word.length >= 7);
  switch (how) {
    case 'as listed':
      return [name];
    case 'upper case':
      return [name.toUpperCase()];
    case 'form spelled out': {
      const form = SPELLED_OUT.find(([pattern]) => pattern.test(name));
      return [form ? name.replace(...form) : name];
    }
    case 'over two lines': {
      const half = Math.ceil(words.length / 2);
      return [words.slice(0, half).join(' '), words.slice(half).join(' ')].filter(Boolean);
    }
    case 'hyphenated':
    case 'with a soft hyphen': {
      if (long === -1) return [name];
      const word = words[long] ?? '';
      const cut = Math.floor(word.length / 2);
      const hyphen = how === 'hyphenated' ? '-' : '\u00ad';
      return [
        [...words.slice(0, long), word.slice(0, cut) + hyphen].join(' '),
        [word.slice(cut), ...words.slice(long + 1)].join(' '),
      ];
    }
    case 'without accents':
      return [withoutAccents(name)];
    case 'umlauts as two letters':
      return [name.replace(/[äöüÄÖÜ]/g, (letter) => `${withoutAccents(letter)}e`)];
  }
}

/** What a printer of ASCII makes of a text. */
export function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[łŁßø]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/[–—]/g, '-')
    .replace(/[·•]/g, '*')
    .replace(/’/g, "'")
    .replace(/[^\x20-\x7e]/g, ' ');
}

export function spellNumber(number: string, how: NumberSpelling): string {
  switch (how) {
    case 'as listed':
      return number;
    case 'spaces':
      return number.replace(/[/_-]/g, ' ');
    case 'en dashes':
      return number.replace(/[-_]/g, '–');
    case 'no-break':
      return number.replace(/[ -]/g, (sign) => (sign === ' ' ? '\u00a0' : '\u2011'));
    case 'loose':
      return number.replace(/[/-]/g, ' $& ');
  }
}

export function spellMoney(cents: number, how: MoneySpelling): string {
  const [whole = '', part = ''] = (cents / 100).toFixed(2).split('.');
  const grouped = (sign: string) => whole.replace(/\B(?=(\d{3})+$)/g, sign);
  switch (how) {
    case '1.234,50':
      return `${grouped('.')},${part}`;
    case '1 234,50':
      return `${grouped('\u00a0')},${part}`;
    case '1,234.50':
      return `${grouped(',')}.${part}`;
    case '1’234.50':
      return `${grouped('’')}.${part}`;
    case '1234.50':
      return `${whole}.${part}`;
  }
}
