import { refuse } from './findings.ts';
import { HELD_BYTES, hold, holdReference, type Spending } from './spending.ts';
import { readDigits, readValue, type Source, skipBlank } from './syntax.ts';
import type { Value } from './values.ts';

/**
 * Visits the objects inside an object stream (ISO 32000-2, 7.5.7), each where the stream's own
 * index says that it is.
 *
 * @param bytes decoded
 * @throws Refusal pdf_damaged for one that does not parse: pdf-lib would lose those behind it
 */
export function readObjectStream(
  bytes: Uint8Array,
  { count, first }: { count: number; first: number },
  spending: Spending,
  visit: (number: number, value: Value) => void,
): void {
  const index: Source = { bytes, at: 0, spending };
  for (let object = 0; object < count; object += 1) {
    skipBlank(index);
    const number = readDigits(index);
    skipBlank(index);
    const offset = readDigits(index);
    if (!Number.isSafeInteger(number) || !Number.isSafeInteger(offset)) refuse('pdf_damaged');
    hold(spending, HELD_BYTES.object);
    holdReference(spending, number ?? 0, 0);
    const source: Source = { bytes, at: first + (offset ?? 0), spending };
    // One deep: no object here may be a stream.
    const value = readValue(source, 1);
    if (value === undefined) refuse('pdf_damaged');
    visit(number ?? 0, value);
  }
}
