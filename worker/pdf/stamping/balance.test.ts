import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balanceOf, depthAfter, withoutStrayRestores } from './balance.ts';

const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const text = (content: Uint8Array) => String.fromCharCode(...content);

/** What looks like operators, and is none. */
const DECOYS = [
  '(q Q BT EMC) Tj',
  '(a \\) q (nested Q) \\\\) Tj',
  '<71 51> Tj',
  '% q Q BT\n',
  '% q\r',
  '/q gs',
  '/Q#20q Do',
  '/OC /q DP',
  '<</q 1 /Q (q)>> /x',
  '[(q) -20 (Q)] TJ',
  '1 0 0 1 5 5 cm',
  'qq QQ q1 qQ 5q',
  'BI /W 2 /H 1 /BPC 8 ID q Q EIq\x01EI \x02Q EI',
  'BI /W 1 /H 1 ID \xff\x00Q q\nEI',
];
const OPERATORS = ['q', 'Q', 'BT', 'ET', '/Span BMC', '/OC /MC0 BDC', 'EMC'];
const SPACES = [' ', '\n', '\r\n', '\t', '\0'];

const program = fc.array(
  fc.tuple(fc.constantFrom(...OPERATORS, ...DECOYS), fc.constantFrom(...SPACES)),
  { maxLength: 40 },
);

/** How a viewer counts: what restores nothing does nothing. */
function walk(lines: readonly string[], up: readonly string[], down: string, from: number): number {
  return lines.reduce((depth, line) => {
    if (up.includes(line)) return depth + 1;
    return line === down ? Math.max(0, depth - 1) : depth;
  }, from);
}

test('content is counted as a viewer counts it, from wherever it begins', () => {
  fc.assert(
    fc.property(program, fc.nat(5), (lines, depth) => {
      const operators = lines.map(([line]) => line);
      const { saves, marks, inText, closing } = balanceOf(bytes(lines.flat().join('')));
      expect(depthAfter(depth, saves)).toBe(walk(operators, ['q'], 'Q', depth));
      const opening = ['/Span BMC', '/OC /MC0 BDC'];
      expect(depthAfter(depth, marks)).toBe(walk(operators, opening, 'EMC', depth));
      const last = operators.filter((line) => line === 'BT' || line === 'ET').at(-1);
      expect(inText).toBe(last === undefined ? undefined : last === 'BT');
      expect(closing).toBe('');
    }),
  );
});

test('without its stray restores, content has none, and is the same otherwise', () => {
  fc.assert(
    fc.property(program, fc.nat(3), (lines, depth) => {
      const content = bytes(lines.flat().join(''));
      const before = text(content);
      const clean = withoutStrayRestores(content, depth);
      expect(depth + balanceOf(clean).saves.low).toBeGreaterThanOrEqual(0);
      expect(depth + balanceOf(clean).saves.end).toBe(depthAfter(depth, balanceOf(content).saves));
      expect(clean.length).toBe(content.length);
      clean.forEach((byte, at) => {
        if (byte !== content[at]) expect([content[at], byte]).toEqual([0x51, 0x20]);
      });
      expect(text(content)).toBe(before);
    }),
  );
});

test('content that was cut off is closed', () => {
  expect(balanceOf(bytes('q (a (b q')).closing).toBe('))');
  expect(balanceOf(bytes('q (a \\')).closing).toBe(')');
  expect(balanceOf(bytes('q <48 45')).closing).toBe('>');
  expect(balanceOf(bytes('q BI /W 1 ID \xff\x01')).closing).toBe('\nEI');
  expect(balanceOf(bytes('q % over')).closing).toBe('');
});

test('any bytes at all are read to their end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
      const { saves } = balanceOf(content);
      expect(saves.low).toBeLessThanOrEqual(Math.min(0, saves.end));
    }),
  );
});
