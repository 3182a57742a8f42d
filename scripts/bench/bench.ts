/** What a benchmark is, and how a load is measured so that a busy machine does not decide it. */

import type { Stack } from '../../worker/test/stack.ts';
import type { LocalPostgres } from '../local/postgres.ts';

/** One line of the table and of `.local/bench.json`. */
export type Measure = {
  name: string;
  value: number;
  unit: string;
  /** What `value` is measured against, in the same unit. */
  baseline: number | null;
  ratio: number | null;
  /** What `ratio`, or `value` without a baseline, must be. */
  budget: string;
  ok: boolean;
};

export type Bench = (context: { stack: Stack; postgres: LocalPostgres }) => Promise<Measure[]>;

/** A measure that has no baseline: a value that may not pass its budget. */
export function atMost(name: string, value: number, unit: string, budget: number): Measure {
  return {
    name,
    value: rounded(value),
    unit,
    baseline: null,
    ratio: null,
    budget: `<= ${budget} ${unit}`,
    ok: value <= budget,
  };
}

/** A number to few enough digits to be read. */
export const rounded = (value: number) => Number(value.toPrecision(4));

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[half],
  ];
  return (low + high) / 2;
}

/**
 * Requests per second of a closed loop: each client sends its next request when its last one is
 * answered, for `ms`. `send` throws when an answer is wrong, which ends the benchmark.
 */
export async function throughput(
  clients: number,
  ms: number,
  send: (client: number) => Promise<void>,
): Promise<number> {
  const startedAt = performance.now();
  let sent = 0;
  const loop = async (client: number) => {
    while (performance.now() - startedAt < ms) {
      await send(client);
      sent += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => loop(client)));
  return (sent * 1000) / (performance.now() - startedAt);
}

/** What `count` calls give, one after the other. */
export async function repeat(count: number, call: () => Promise<number>): Promise<number[]> {
  const given: number[] = [];
  for (let i = 0; i < count; i += 1) {
    given.push(await call());
  }
  return given;
}

/**
 * Runs two measurements in turn (A B, B A, …), so that what else the machine does falls on both, and
 * gives the medians and the median of the rounds' ratios.
 */
export async function inTurn(
  rounds: number,
  measured: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<{ value: number; baseline: number; ratio: number }> {
  const pairs: { value: number; baseline: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const value = await measured();
      pairs.push({ value, baseline: await baseline() });
    } else {
      const first = await baseline();
      pairs.push({ value: await measured(), baseline: first });
    }
  }
  return {
    value: median(pairs.map((pair) => pair.value)),
    baseline: median(pairs.map((pair) => pair.baseline)),
    ratio: median(pairs.map((pair) => pair.value / pair.baseline)),
  };
}
