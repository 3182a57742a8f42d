/**
 * What one inspection may spend. Hostile bytes are small and ask for much: a stream that inflates
 * a thousandfold, brackets that pdf-lib makes 240 bytes of each, gibberish that it reads again from
 * every byte. So the same bytes are first read by a reader that counts, and stops.
 */
import { refuse } from './findings.ts';

/** Bytes that a stream may inflate to, and all streams of a file. */
export const INFLATED_STREAM_BYTES_MAX = 32_000_000;
export const INFLATED_BYTES_MAX = 64_000_000;

/** Bytes looked at outside streams: an honest file is read about twice. */
const STEPS_MIN = 16_000_000;
const STEPS_PER_BYTE = 4;
/** Bytes of heap that pdf-lib will hold for the file's objects, by the estimates below. */
const HELD_BYTES_MAX = 60_000_000;

/** Measured with pdf-lib 2.11.1 on V8 with whole pointers; Workers have half ones. */
export const HELD_BYTES = {
  object: 40,
  /** With its first entries, for which there is room from the start. */
  dict: 210,
  entry: 40,
  list: 85,
  number: 80,
  /** pdf-lib has a line in the log for each, so there may not be many. */
  unsafeNumber: 50_000,
  text: 50,
  /** Strings are joined a character at a time, and each join is an object until it is read. */
  character: 32,
  /** Names and references are kept once, in pools that outlive the file. */
  mention: 8,
  name: 140,
  reference: 150,
} as const;

export type Spending = {
  steps: number;
  readonly stepsMax: number;
  held: number;
  inflated: number;
  readonly names: Set<string>;
  readonly references: Set<number>;
};

/** Nothing spent yet, on a file of so many bytes. */
export function startSpending(bytes: number): Spending {
  return {
    steps: 0,
    stepsMax: STEPS_MIN + STEPS_PER_BYTE * bytes,
    held: 0,
    inflated: 0,
    names: new Set(),
    references: new Set(),
  };
}

/** @throws Refusal pdf_too_complex */
export function spendSteps(spending: Spending, steps: number): void {
  spending.steps += steps;
  if (spending.steps > spending.stepsMax) refuse('pdf_too_complex');
}

/** @throws Refusal pdf_too_complex */
export function hold(spending: Spending, bytes: number): void {
  spending.held += bytes;
  if (spending.held > HELD_BYTES_MAX) refuse('pdf_too_complex');
}

/** @throws Refusal pdf_too_complex */
export function holdName(spending: Spending, name: string): void {
  const { names } = spending;
  if (names.has(name)) {
    hold(spending, HELD_BYTES.mention);
    return;
  }
  hold(spending, HELD_BYTES.name + HELD_BYTES.character * name.length);
  names.add(name);
}

/** @throws Refusal pdf_too_complex */
export function holdReference(spending: Spending, number: number, generation: number): void {
  const { references } = spending;
  if (generation === 0 && references.has(number)) {
    hold(spending, HELD_BYTES.mention);
    return;
  }
  hold(spending, HELD_BYTES.reference);
  if (generation === 0) references.add(number);
}

/**
 * Counts what a stream gave, before it is kept or dropped.
 *
 * @param ofStream what this stream gave before
 * @returns what it gave with this
 * @throws Refusal pdf_too_complex
 */
export function countInflated(spending: Spending, ofStream: number, bytes: number): number {
  spending.inflated += bytes;
  const sum = ofStream + bytes;
  if (sum > INFLATED_STREAM_BYTES_MAX || spending.inflated > INFLATED_BYTES_MAX) {
    refuse('pdf_too_complex');
  }
  return sum;
}
