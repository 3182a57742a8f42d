/** What a stream's dictionary says it is, read so that no reader can take it for something else. */
import { refuse } from './findings.ts';
import { type Encoding, longNameOf } from './streams.ts';
import {
  type Dict,
  isDict,
  isList,
  isName,
  isReference,
  says,
  type Value,
  valuesOf,
} from './values.ts';

export type StreamKind =
  /** An object stream: objects inside, decoded by whoever loads the file. */
  | { kind: 'objects'; flate: boolean; first: number; count: number }
  /** A cross-reference stream; `entries`: how many pdf-lib will read of it. */
  | { kind: 'references'; flate: boolean; entries: number }
  | { kind: 'image' }
  | { kind: 'other'; encoding: Encoding };

const IMAGE_FILTERS = ['DCTDecode', 'JPXDecode', 'JBIG2Decode', 'CCITTFaxDecode'];
/** What decides how readers take a stream that they decode while loading. */
const DECISIVE = ['Type', 'Filter', 'F', 'DecodeParms', 'DP', 'N', 'First', 'Size', 'W', 'Index'];
/** pdf-lib decodes a name's escapes twice, capitals the second time. */
const ESCAPE_LEFT = /#[0-9A-F]{2}/;
const FIELD_BYTES_MAX = 8;

/**
 * @throws Refusal pdf_too_complex for what is legal, but would be read differently by different
 *   readers or not at all by pdf-lib; pdf_damaged for what is not
 */
export function streamKindOf(dict: Dict): StreamKind {
  const isObjects = says(dict, 'Type', 'ObjStm') || (has(dict, 'N') && has(dict, 'First'));
  const isReferences = says(dict, 'Type', 'XRef');
  if (valuesOf(dict, 'Type').some(isReference)) refuse('pdf_too_complex');
  if (dict.entries.some(([key, value]) => isAmbiguous(key, value))) refuse('pdf_too_complex');
  if (isObjects || isReferences) {
    if (isObjects && isReferences) refuse('pdf_damaged');
    for (const key of DECISIVE) refuseUnclear(valuesOf(dict, key));
    return isObjects ? objectsOf(dict) : referencesOf(dict);
  }
  const filters = filtersOf(dict);
  if (says(dict, 'Subtype', 'Image') || filters.some((name) => IMAGE_FILTERS.includes(name))) {
    return { kind: 'image' };
  }
  return { kind: 'other', encoding: { filters, early: earlyOf(dict) } };
}

const has = (dict: Dict, key: string) => dict.entries.some(([name]) => name === key);

const isAmbiguous = (key: string, value: Value) =>
  ESCAPE_LEFT.test(key) ||
  ((key === 'Type' || key === 'Filter') && namesIn(value).some((name) => ESCAPE_LEFT.test(name)));

const namesIn = (value: Value): string[] =>
  (isList(value) ? value : [value]).flatMap((item) => (isName(item) ? [item.name] : []));

function refuseUnclear(values: readonly Value[]): void {
  if (values.length > 1) refuse('pdf_damaged');
  if (values.some((value) => isReference(value) || (isList(value) && value.some(isReference)))) {
    refuse('pdf_too_complex');
  }
}

function filtersOf(dict: Dict): string[] {
  return [...valuesOf(dict, 'Filter'), ...valuesOf(dict, 'F')].flatMap(namesIn).map(longNameOf);
}

const parametersOf = (dict: Dict): Dict[] =>
  [...valuesOf(dict, 'DecodeParms'), ...valuesOf(dict, 'DP')]
    .flatMap((value) => (isList(value) ? value : [value]))
    .filter(isDict);

const earlyOf = (dict: Dict): 0 | 1 =>
  parametersOf(dict).some((parameters) => valuesOf(parameters, 'EarlyChange').includes(0)) ? 0 : 1;

/** Whether it is deflated. pdf-lib's only other filters are of no use here, and nobody's. */
function isFlate(dict: Dict): boolean {
  if (has(dict, 'F')) refuse('pdf_too_complex');
  const filters = valuesOf(dict, 'Filter').flatMap(namesIn);
  if (filters.length > 1 || filters.some((name) => name !== 'FlateDecode')) {
    refuse('pdf_too_complex');
  }
  return filters.length === 1;
}

function objectsOf(dict: Dict): StreamKind {
  const [count, first] = [valuesOf(dict, 'N')[0], valuesOf(dict, 'First')[0]];
  if (!isCount(count) || !isCount(first)) refuse('pdf_damaged');
  const predicted = parametersOf(dict).some((parameters) =>
    valuesOf(parameters, 'Predictor').some((predictor) => predictor !== 1),
  );
  // pdf-lib takes no account of predictors: it would read other objects than viewers do.
  if (predicted) refuse('pdf_too_complex');
  return { kind: 'objects', flate: isFlate(dict), first, count };
}

function referencesOf(dict: Dict): StreamKind {
  const [size, widths] = [valuesOf(dict, 'Size')[0], valuesOf(dict, 'W')[0]];
  const index = valuesOf(dict, 'Index')[0] ?? [0, size ?? null];
  if (!isCount(size) || !isCounts(widths) || !isCounts(index)) refuse('pdf_damaged');
  if (widths.some((width) => width > FIELD_BYTES_MAX)) refuse('pdf_damaged');
  const entries = index.reduce((sum, length, place) => sum + (place % 2 === 1 ? length : 0), 0);
  return { kind: 'references', flate: isFlate(dict), entries };
}

const isCount = (value: Value | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isCounts = (value: Value | undefined): value is readonly number[] =>
  value !== undefined &&
  value !== null &&
  typeof value === 'object' &&
  isList(value) &&
  value.every(isCount);
