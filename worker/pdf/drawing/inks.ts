/** The colours that documents are drawn in: grey and black, and the supplier's own as the accent. */

/** Red, green and blue, 0 to 1. */
export type Ink = readonly [red: number, green: number, blue: number];

export const INK: Ink = [0.11, 0.12, 0.14];
export const GREY: Ink = [0.4, 0.42, 0.45];
export const HAIRLINE: Ink = [0.82, 0.83, 0.85];
const WHITE: Ink = [1, 1, 1];

/** What a line needs to be seen on white paper; lettering needs more, and is never in the accent. */
const ACCENT_CONTRAST_MIN = 1.25;

/** `#rgb` or `#rrggbb`; null when it is neither. */
export function inkOf(colour: string): Ink | null {
  const [, digits = ''] = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour) ?? [];
  if (digits === '') return null;
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const channel = (at: number) =>
    Math.round((Number.parseInt(long.slice(at, at + 2), 16) / 255) * 1000) / 1000;
  return [channel(0), channel(2), channel(4)];
}

/** The supplier's colour for lines and fills; black ink where it would not show on paper. */
export function accentOf(colour: string): Ink {
  const ink = inkOf(colour);
  return ink && contrast(ink, WHITE) >= ACCENT_CONTRAST_MIN ? ink : INK;
}

/** What lettering on a ground of this colour is set in: white or black, whichever reads better. */
export function letteringOn(ground: Ink): Ink {
  return contrast(ground, WHITE) >= contrast(ground, INK) ? WHITE : INK;
}

/** WCAG 2.2 contrast ratio, 1 to 21. */
function contrast(one: Ink, other: Ink): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(ink: Ink): number {
  const [red = 0, green = 0, blue = 0] = ink.map((channel) =>
    channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
