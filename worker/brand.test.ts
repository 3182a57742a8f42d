import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brandSchema, inkOn } from './brand.ts';

/** Relative luminance and contrast, as WCAG 2.2 defines them. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
      const channel = Number.parseInt(colour.slice(1 + at * 2, 3 + at * 2), 16) / 255;
      return (
        sum + weight * (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)
      );
    }, 0);
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

test('text on any supplier’s colour is AA to read, and the better of black and white', () => {
  fc.assert(
    fc.property(colour, (background) => {
      const ink = inkOn(background);
      const other = ink === '#000000' ? '#ffffff' : '#000000';
      expect(contrast(ink, background)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(ink, background)).toBeGreaterThanOrEqual(contrast(other, background) - 0.05);
    }),
    { numRuns: 1_000 },
  );
  expect(inkOn('#ffffff')).toBe('#000000');
  expect(inkOn('#000000')).toBe('#ffffff');
});

test('a colour that is more than a colour is no brand', () => {
  const brand = {
    name: 'Acme',
    colour: '#aa0044',
    contactEmail: null,
    contactPhone: null,
    contactHours: null,
    address: null,
    hasLogo: false,
  };
  expect(brandSchema.safeParse(brand).success).toBe(true);
  for (const bad of ['red', '#aa004', '#aa0044}body{}', '#AA0044\n', 'url(//evil)']) {
    expect(brandSchema.safeParse({ ...brand, colour: bad }).success).toBe(false);
  }
});
