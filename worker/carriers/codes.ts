/** How a carrier's codes are written down: our status, and the codes that mean it. */
import type { ShipmentStatus, ShipmentSubstatus } from '../vocabulary.ts';
import type { CarrierStatus } from './carrier.ts';

/** `codes`: parted by spaces; `022-024` is a run of numbers. */
export type CodeRow = { status: ShipmentStatus; substatus?: ShipmentSubstatus; codes: string };

/** The rows as a map from each code. @throws Error for a code that stands twice */
export function codeTable(rows: readonly CodeRow[]): ReadonlyMap<string, CarrierStatus> {
  const table = new Map<string, CarrierStatus>();
  for (const { status, substatus = null, codes } of rows) {
    for (const code of codes.split(' ').flatMap(run)) {
      if (table.has(code)) throw new Error(`code ${code} stands twice`);
      table.set(code, { status, substatus });
    }
  }
  return table;
}

function run(written: string): string[] {
  const [, from = '', to = ''] = /^(\d+)-(\d+)$/.exec(written) ?? [];
  return from === ''
    ? [written]
    : Array.from({ length: Number(to) - Number(from) + 1 }, (_, place) =>
        String(Number(from) + place).padStart(from.length, '0'),
      );
}
