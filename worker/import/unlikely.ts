/** Tracking numbers that are hardly their carrier's. */
import { excerpt, type Mention, type StagedItem } from './items.ts';

/** The floors keep carriers from here: whoever opens a staging knows them. */
export type UnlikelyNumber = (carrier: string, trackingNumber: string) => boolean;

/** Says so on the shipment: once of a parcel, however many rows repeat its number. */
export function noteUnlikely(
  item: StagedItem,
  { carrier, tracking_number: number }: Mention['fields'],
  line: number,
  isUnlikely: UnlikelyNumber,
): void {
  const code = 'tracking_number_unlikely';
  if (carrier === undefined || number === undefined || !isUnlikely(carrier, number)) return;
  if (item.problems.some((problem) => problem.code === code)) return;
  item.problems.push({ code, line, field: 'tracking_number', value: excerpt(number) });
}
