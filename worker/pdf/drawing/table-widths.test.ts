import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Measured, shareWidth } from './table-widths.ts';

const WIDTH = 493;
const column = (ems: number, rest: Partial<Measured> = {}): Measured => ({
  ems,
  least: 30,
  heading: 50,
  figures: false,
  flexible: false,
  ...rest,
});

describe('shareWidth', () => {
  it('gives away the whole width and no more', () => {
    const measured = fc.record({
      ems: fc.double({ min: 0, max: 400, noNaN: true }),
      least: fc.integer({ min: 5, max: 60 }),
      heading: fc.integer({ min: 60, max: 120 }),
      figures: fc.boolean(),
      flexible: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(measured, { minLength: 1, maxLength: 9 }), (columns) => {
        const { widths, gap } = shareWidth(columns, WIDTH);
        const sum = widths.reduce((total, one) => total + one, gap * (columns.length - 1));
        expect(sum).toBeLessThanOrEqual(WIDTH + 0.001);
        expect(Math.min(...widths)).toBeGreaterThan(0);
      }),
    );
  });

  it('keeps figures whole, in smaller type if need be', () => {
    const figures = column(11, { figures: true });
    const few = shareWidth([column(20, { flexible: true }), figures], WIDTH);
    const many = shareWidth(
      [column(20, { flexible: true }), figures, figures, figures, figures],
      WIDTH,
    );
    expect(few.size).toBeGreaterThan(many.size);
    for (const { size, widths } of [few, many]) {
      for (const width of widths.slice(1)) expect(width).toBeGreaterThanOrEqual(11 * size);
    }
  });

  it('keeps a heading on one line where there is room', () => {
    const { widths } = shareWidth([column(20, { flexible: true }), column(1)], WIDTH);
    expect(widths[1]).toBeGreaterThanOrEqual(50);
  });
});
