/** How the portal speaks to a customer: formally, and with one name for one thing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../locales');

/** The lines of the portal's catalogues in a language that say what they should not. */
function linesWith(locale: string, unwanted: RegExp): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(`${locale}.json`) && !name.startsWith('admin.'))
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => unwanted.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
}

it('in Polish nobody is on first-name terms', () => {
  const familiar = /(?<!\p{L})(?:Tw(?:ój|oj\p{L}*|oi\p{L}*)|Ci|Cię|Ciebie|Tobie|Tobą)(?!\p{L})/iu;
  expect('Dostawca w Twoich księgach').toMatch(familiar);
  expect(linesWith('pl', familiar)).toEqual([]);
  expect(linesWith('pl', /Proszę/)).toEqual([]);
});

it('a statement has one name in Polish', () => {
  expect(linesWith('pl', /zestawieni/i)).toEqual([]);
});

it('in Spanish a report and a customer’s own number have one name each', () => {
  expect(linesWith('es', /\bavisos?\b/i)).toEqual([]);
  expect(linesWith('es', /pedido de compra|pedido propio|su orden(?! de compra)/i)).toEqual([]);
});
