/** Streams decoded within bounds: counted and dropped, or kept where their text is needed. */
import { ascii85, asciiHex, lzw, runLengths } from './filters.ts';
import { refuse } from './findings.ts';
import { inflating, isZlib, type Sink } from './inflate.ts';
import { countInflated, type Spending } from './spending.ts';

/** What a stream says of its encoding: filters by their long names, first to last. */
export type Encoding = { readonly filters: readonly string[]; readonly early: 0 | 1 };

const LONG_NAMES: Readonly<Record<string, string>> = {
  Fl: 'FlateDecode',
  LZW: 'LZWDecode',
  RL: 'RunLengthDecode',
  A85: 'ASCII85Decode',
  AHx: 'ASCIIHexDecode',
  DCT: 'DCTDecode',
  CCF: 'CCITTFaxDecode',
};
/** A filter's name in full: some writers shorten it as inside a page's content. */
export const longNameOf = (filter: string): string => LONG_NAMES[filter] ?? filter;

/** Honest streams have one or two. */
const FILTERS_MAX = 6;
/** Zlib inside zlib that no filter announces. */
const UNANNOUNCED_MAX = 2;
/** More input than any deflate takes without giving something: a block that is stored has 64 kB. */
const IDLE_BYTES_MAX = 256_000;

type Watch = {
  /** What a filter gave. */
  count(bytes: number): void;
  /** Deflate that is damaged, or has no end. */
  stopped(): void;
};

const DROP: Sink = { push() {}, end() {} };

function refuseIdle(inputBytes: number): void {
  if (inputBytes > IDLE_BYTES_MAX) refuse('pdf_too_complex');
}

function counting(next: Sink, watch: Watch): Sink {
  return {
    push(chunk) {
      watch.count(chunk.length);
      next.push(chunk);
    },
    end: () => next.end(),
  };
}

/** Inflates what begins as zlib does, whatever was said of it; hands anything else on. */
function inflatingIfZlib(next: Sink, watch: Watch, inside: number): Sink {
  let begun = new Uint8Array(0);
  let chosen: Sink | undefined;
  const choose = () => {
    const after = inside > 0 ? inflatingIfZlib(next, watch, inside - 1) : next;
    chosen = isZlib(begun[0], begun[1])
      ? inflating(counting(after, watch), watch.stopped, refuseIdle)
      : next;
    chosen.push(begun);
    return chosen;
  };
  return {
    push(chunk) {
      if (chosen) {
        chosen.push(chunk);
      } else if (begun.length + chunk.length < 2) {
        begun = Uint8Array.of(...begun, ...chunk);
      } else {
        const rest = 2 - begun.length;
        begun = Uint8Array.of(...begun, ...chunk.subarray(0, rest));
        choose().push(chunk.subarray(rest));
      }
    },
    end() {
      (chosen ?? choose()).end();
    },
  };
}

function filterOf(name: string, early: 0 | 1, next: Sink, watch: Watch): Sink | undefined {
  switch (name) {
    case 'FlateDecode':
      return inflatingIfZlib(next, watch, 0);
    case 'LZWDecode':
      return lzw(counting(next, watch), early);
    case 'RunLengthDecode':
      return runLengths(counting(next, watch));
    case 'ASCII85Decode':
      return ascii85(counting(next, watch));
    case 'ASCIIHexDecode':
      return asciiHex(counting(next, watch));
    default:
      return undefined;
  }
}

/** The filters one behind the other; undefined where one is not known. */
function chainOf({ filters, early }: Encoding, last: Sink, watch: Watch): Sink | undefined {
  return filters.reduceRight<Sink | undefined>(
    (next, name) => (next ? filterOf(name, early, next, watch) : undefined),
    last,
  );
}

/**
 * Counts what a stream comes to, as it says and as it looks: a bomb need not call itself one.
 *
 * @throws Refusal pdf_too_complex over a cap
 */
export function countStream(body: Uint8Array, encoding: Encoding, spending: Spending): void {
  if (encoding.filters.length > FILTERS_MAX) refuse('pdf_too_complex');
  let ofStream = 0;
  const watch: Watch = {
    count(bytes) {
      ofStream = countInflated(spending, ofStream, bytes);
    },
    stopped() {},
  };
  const last = inflatingIfZlib(DROP, watch, UNANNOUNCED_MAX);
  const chains = [chainOf(encoding, last, watch) ?? last];
  if (encoding.filters[0] !== 'FlateDecode' && isZlib(body[0], body[1])) {
    chains.push(inflatingIfZlib(DROP, watch, UNANNOUNCED_MAX));
  }
  for (const chain of chains) {
    chain.push(body);
    chain.end();
  }
}

/** Bytes that are kept whole: object streams have some 100 kB. */
export const KEPT_BYTES_MAX = 8_000_000;

/**
 * The bytes of a stream that is FlateDecode or nothing, which pdf-lib will decode whole.
 *
 * @throws Refusal pdf_too_complex over a cap, pdf_damaged when it cannot be decoded to its end
 */
export function readWhole(body: Uint8Array, flate: boolean, spending: Spending): Uint8Array {
  if (!flate) {
    if (body.length > KEPT_BYTES_MAX) refuse('pdf_too_complex');
    return body;
  }
  if (!isZlib(body[0], body[1])) refuse('pdf_damaged');
  let ofStream = 0;
  const kept = keeping(KEPT_BYTES_MAX, () => refuse('pdf_too_complex'));
  const watch: Watch = {
    count(bytes) {
      ofStream = countInflated(spending, ofStream, bytes);
    },
    stopped: () => refuse('pdf_damaged'),
  };
  const chain = inflating(counting(kept, watch), watch.stopped, refuseIdle);
  chain.push(body);
  chain.end();
  return kept.bytes();
}

/**
 * What readers would make of a stream; undefined when it is more than `most` bytes, or has a filter
 * that is not known. What is damaged ends early.
 */
export function decode(
  body: Uint8Array,
  encoding: Encoding,
  most: number,
): Uint8Array<ArrayBuffer> | undefined {
  const full = new Error('full');
  const kept = keeping(most, () => {
    throw full;
  });
  const chain = chainOf(encoding, kept, { count() {}, stopped() {} });
  try {
    chain?.push(body);
    chain?.end();
    return chain && kept.bytes();
  } catch {
    // Full, or idle for long: either way not to be read here.
    return undefined;
  }
}

function keeping(most: number, full: () => void) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    push(chunk: Uint8Array) {
      length += chunk.length;
      if (length > most) full();
      chunks.push(chunk.slice());
    },
    end() {},
    bytes(): Uint8Array<ArrayBuffer> {
      const bytes = new Uint8Array(length);
      let at = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return bytes;
    },
  };
}
