/** A file's bytes read once, within bounds, before any parser may have them. */
import { activeContent } from './active-content.ts';
import { type EmbeddedFile, embeddedFiles } from './embedded-files.ts';
import { refuse } from './findings.ts';
import { readObjectStream } from './object-stream.ts';
import { type Span, type Walked, walkObjects } from './objects.ts';
import { HELD_BYTES, hold, type Spending } from './spending.ts';
import { streamKindOf } from './stream-dict.ts';
import { countStream, readWhole } from './streams.ts';
import {
  type Dict,
  forEachDict,
  isDict,
  isList,
  isText,
  says,
  type Value,
  valuesOf,
} from './values.ts';

export type Survey = {
  walked: Walked;
  /** Names of what was found, sorted. */
  active: string[];
  embedded: EmbeddedFile[];
  signed: boolean;
  /** Objects that are pages, in any revision, and the most that a page tree says it has. */
  pageObjects: number;
  statedPages: number;
};

/**
 * Visits every object, counts what every stream inflates to, and looks inside object streams.
 *
 * @throws Refusal pdf_encrypted, pdf_damaged, pdf_too_complex
 */
export function survey(bytes: Uint8Array, spending: Spending): Survey {
  const active = activeContent();
  const embedded = embeddedFiles();
  const pages = new Set<number>();
  let statedPages = 0;
  let signed = false;

  const object = (number: number, value: Value) => {
    active.object(number, value);
    embedded.object(number, value);
    forEachDict(value, (dict, under) => {
      active.dict(dict, under);
      embedded.dict(dict);
      signed ||= isSignature(dict);
      if (isEncryption(dict)) refuse('pdf_encrypted');
    });
    if (isDict(value) && says(value, 'Type', 'Page')) pages.add(number);
    if (isDict(value) && says(value, 'Type', 'Pages')) {
      statedPages = Math.max(statedPages, ...valuesOf(value, 'Count').filter(isNumber));
    }
  };
  const stream = (dict: Dict, { from, to }: Span) => {
    const kind = streamKindOf(dict);
    const body = bytes.subarray(from, to);
    switch (kind.kind) {
      case 'image':
        // Never decoded here: an honest scan is larger than any cap.
        break;
      case 'other':
        countStream(body, kind.encoding, spending);
        break;
      case 'references':
        refuseEncrypted(dict);
        hold(spending, kind.entries * (HELD_BYTES.object + HELD_BYTES.mention));
        readWhole(body, kind.flate, spending);
        break;
      case 'objects':
        readObjectStream(readWhole(body, kind.flate, spending), kind, spending, object);
        break;
    }
  };

  const walked = walkObjects(bytes, spending, {
    object(number, value, body) {
      object(number, value);
      if (body && isDict(value)) stream(value, body);
    },
    trailer: refuseEncrypted,
    unreadable({ from, to }) {
      active.unreadable({ bytes, at: from, spending }, from, to);
    },
  });
  return {
    walked,
    active: active.found(),
    embedded: embedded.found(),
    signed,
    pageObjects: pages.size,
    statedPages,
  };
}

const isNumber = (value: Value) => typeof value === 'number';

function refuseEncrypted(dict: Dict): void {
  if (valuesOf(dict, 'Encrypt').some((value) => value !== null)) refuse('pdf_encrypted');
}

/** A dictionary of the standard security handler, whoever leads to it (ISO 32000-2, 7.6.4). */
const isEncryption = (dict: Dict) =>
  says(dict, 'Filter', 'Standard') && valuesOf(dict, 'O').some(isText);

/**
 * A signature that was made (12.8.1), not one that waits for its signer: a range of bytes that it
 * covers, or a field with a value.
 */
function isSignature(dict: Dict): boolean {
  const ranges = valuesOf(dict, 'ByteRange').filter(isList);
  if (ranges.some((range) => typeof range[1] === 'number' && range[1] > 0)) {
    return valuesOf(dict, 'Contents').length > 0;
  }
  return says(dict, 'FT', 'Sig') && valuesOf(dict, 'V').some((value) => value !== null);
}
