/** Money is whole cents throughout the demo, so that every total ties out. */
export type Cents = number;

/** `123456` → `1234.56`, as a CSV cell. */
export function decimal(cents: Cents): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `123456` → `1,234.56`, as paperwork prints it. */
export function printMoney(cents: Cents): string {
  return decimal(cents).replace(/\B(?=(\d{3})+\.)/g, ',');
}

/** `1234` → `1,234`. */
export function printCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A tax rate in tenths of a percent as percent: `55` → `5.5`, `230` → `23`. */
export function printRate(perMille: number): string {
  return String(perMille / 10);
}

/** The tax on `base` at a rate in tenths of a percent, to the nearest cent. */
export function taxOn(base: Cents, perMille: number): Cents {
  return Math.round((base * perMille) / 1000);
}
