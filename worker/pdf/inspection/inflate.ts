/**
 * FlateDecode, fed in slices and handing on in slices: nothing is ever whole in memory, so whoever
 * counts what comes out can stop it.
 */
import { Inflate, inflateSync } from 'fflate';

/** Takes bytes until `end`. A sink must have read a chunk when `push` returns. */
export type Sink = { push(chunk: Uint8Array): void; end(): void };

/** Deflate makes up to 1,032 bytes of one, so it is fed less where it gives more. */
const SLICE_BYTES_MIN = 64;
const SLICE_BYTES_MAX = 4_096;
const SLICE_OUTPUT_BYTES = 262_144;

/** Whether bytes begin as a zlib stream does, by its two bytes of header (RFC 1950). */
export function isZlib(first: number | undefined, second: number | undefined): boolean {
  if (first === undefined || second === undefined) return false;
  return (
    (first & 15) === 8 && first >> 4 < 8 && (first * 256 + second) % 31 === 0 && !(second & 32)
  );
}

/** Small streams are inflated at once: fflate sets 160 kB aside for each slice that it is given. */
const SMALL_BYTES = 8_192;
const SMALL_OUTPUT_BYTES = 524_288;
const smallOutput = new Uint8Array(SMALL_OUTPUT_BYTES);

/** What deflate comes to; undefined when that is more than a little, or it is damaged. */
function inflateSmall(deflated: Uint8Array): Uint8Array | undefined {
  try {
    const inflated = inflateSync(deflated, { out: smallOutput });
    return inflated.length < SMALL_OUTPUT_BYTES ? inflated : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Inflates zlib. Its checksum is not looked at, which is as lenient as viewers are.
 *
 * @param stopped called once when the bytes are not deflate, or are cut off; what came before is
 *   handed on
 * @param idle told of input that gave no output: nothing else tells that deflate has ended
 */
export function inflating(
  next: Sink,
  stopped: () => void,
  idle: (inputBytes: number) => void,
): Sink {
  let header = 0;
  let waiting: Uint8Array | undefined = new Uint8Array(0);
  let inflate: Inflate | undefined;
  let unanswered = 0;
  let given = 0;
  let slice = SLICE_BYTES_MIN;
  let dead = false;
  const feed = (input: Uint8Array, last: boolean) => {
    if (dead) return;
    unanswered += input.length;
    given = 0;
    inflate ??= new Inflate((chunk) => {
      if (chunk.length === 0) return;
      unanswered = 0;
      given = chunk.length;
      next.push(chunk);
    });
    try {
      inflate.push(input, last);
    } catch (error) {
      if (!isFlateError(error)) throw error;
      dead = true;
      stopped();
    }
    idle(unanswered);
  };
  const feedAll = (chunk: Uint8Array) => {
    for (let from = 0; from < chunk.length; ) {
      // Copied: fflate keeps what it has not used yet.
      const input = chunk.slice(from, from + slice);
      feed(input, false);
      from += input.length;
      const fair = Math.floor((SLICE_OUTPUT_BYTES * input.length) / Math.max(given, 1));
      slice = Math.min(Math.max(fair, SLICE_BYTES_MIN), SLICE_BYTES_MAX);
    }
  };
  return {
    push(chunk) {
      const from = Math.min(2 - header, chunk.length);
      header += from;
      const deflated = chunk.subarray(from);
      if (waiting && waiting.length + deflated.length <= SMALL_BYTES) {
        waiting = join(waiting, deflated);
        return;
      }
      if (waiting) feedAll(waiting);
      waiting = undefined;
      feedAll(deflated);
    },
    end() {
      const inflated = waiting && inflateSmall(waiting);
      if (inflated) {
        next.push(inflated);
      } else {
        if (waiting) feedAll(waiting);
        feed(new Uint8Array(0), true);
      }
      next.end();
    },
  };
}

/** fflate's errors have a number; what a sink throws is not to be swallowed. */
const isFlateError = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'number';

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
