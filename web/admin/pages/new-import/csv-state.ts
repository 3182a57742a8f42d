/** Where one CSV stands between its arrival and its publish. Pure: the page does what it says. */
import type {
  CanonicalField,
  DateOrder,
  Decimal,
  ReadingQuestion,
} from '../../../../worker/vocabulary.ts';
import { ApiError, type FailureCode } from '../../../lib/api.ts';
import {
  type Detected,
  type ImportView,
  isCode,
  isField,
  type Progress,
  type Reading,
  type Staged,
} from '../../imports.ts';
import { columnProblems, hasNoKey } from './columns.ts';
import { questionsOf } from './samples.ts';

/** What the person said; all else is as it was detected. */
export type Said = {
  /** The letters of the samples are right as they are shown. */
  lettersRight: boolean;
  dateOrder?: DateOrder;
  decimal?: Decimal;
  /** Fields by column, counted from 0; null is a column that is not used. */
  fields: Readonly<Record<number, CanonicalField | null>>;
};

type Read = { view: ImportView; detected: Detected; said: Said };
export type CsvState =
  | (Read & {
      step: 'reading';
      /** Staging began once, when this page was open before, and did not end. */
      wasInterrupted: boolean;
      /** Being read anew, cut differently. */
      isDetecting: boolean;
      /** Staging was asked for while something was open: what is open is marked. */
      isMarked: boolean;
      /** Why the file could not be read like that, or was not staged like that. */
      error: ApiError | null;
      /** Columns' fields that the Worker refused. */
      refused: readonly CanonicalField[];
    })
  | (Read & { step: 'staging'; progress: Progress | null })
  /** The connection broke: staging may begin again. */
  | (Read & { step: 'broken'; progress: Progress | null; error: ApiError })
  /** The file cannot be read to its end; it may be read differently, if it was read at all. */
  | { step: 'failed'; view: ImportView; error: ApiError; read: Read | null }
  /** Without an outcome where it was staged before this page was opened. */
  | { step: 'staged'; view: ImportView; staged: Staged | null };

export type CsvAction =
  | { type: 'say'; said: Partial<Said> }
  | { type: 'map'; column: number; field: CanonicalField | null }
  | { type: 'detecting' }
  | { type: 'detected'; view: ImportView }
  | { type: 'notDetected'; error: ApiError }
  | { type: 'mark' }
  | { type: 'staging' }
  | { type: 'progress'; progress: Progress }
  | { type: 'staged'; staged: Staged }
  | { type: 'notStaged'; error: ApiError }
  | { type: 'reopen' };

const NOTHING_SAID: Said = { lettersRight: false, fields: {} };
const AT_REST = { isDetecting: false, isMarked: false, error: null, refused: [] } as const;

/** Where a CSV begins: it may have been staged, or half staged, when this page was last open. */
export function csvStateOf(view: ImportView): CsvState {
  const { detected, state } = view;
  if (state === 'staged') return { step: 'staged', view, staged: null };
  if (!detected) return { step: 'failed', view, error: new ApiError('internal'), read: null };
  const read = { view, detected, said: NOTHING_SAID };
  const wasInterrupted = state === 'reading';
  // What was confirmed is what it is read by: it only has to begin again.
  if (wasInterrupted && detected.questions.length === 0) {
    return { ...read, step: 'broken', progress: null, error: new ApiError('offline') };
  }
  return { ...read, ...AT_REST, step: 'reading', wasInterrupted };
}

export function csvReducer(state: CsvState, action: CsvAction): CsvState {
  switch (state.step) {
    case 'reading':
      return whileReading(state, action);
    case 'staging':
      return whileStaging(state, action);
    case 'broken':
      return action.type === 'staging' ? { ...state, step: 'staging', progress: null } : state;
    case 'failed':
      return action.type === 'reopen' && state.read
        ? { ...state.read, ...AT_REST, step: 'reading', wasInterrupted: false }
        : state;
    case 'staged':
      return action.type === 'staged' ? { ...state, staged: action.staged } : state;
    default:
      return state;
  }
}

type BeingRead = Extract<CsvState, { step: 'reading' }>;

function whileReading(state: BeingRead, action: CsvAction): CsvState {
  switch (action.type) {
    case 'say':
      return { ...state, said: { ...state.said, ...action.said } };
    case 'map': {
      const fields = { ...state.said.fields, [action.column]: action.field };
      // What was put right is not held against the file until it is staged again.
      const before = readingOf(state).fields[action.column];
      const refused = state.refused.filter((field) => field !== action.field && field !== before);
      const error = refused.length === 0 ? null : state.error;
      return { ...state, said: { ...state.said, fields }, refused, error };
    }
    case 'detecting':
      // Other letters are looked at again.
      return {
        ...state,
        isDetecting: true,
        error: null,
        said: { ...state.said, lettersRight: false },
      };
    case 'detected':
      return detectedAnew(state, action.view);
    case 'notDetected':
      return { ...state, isDetecting: false, error: action.error };
    case 'mark':
      return { ...state, isMarked: true };
    case 'staging': {
      const { view, detected, said } = state;
      return { view, detected, said, step: 'staging', progress: null };
    }
    default:
      return state;
  }
}

/** The same columns keep what was said of them; others are asked about anew. */
function detectedAnew(state: BeingRead, view: ImportView): CsvState {
  const { detected } = view;
  if (!detected) return { ...state, isDetecting: false, error: new ApiError('internal') };
  const names = (of: Detected) => of.columns.map(({ name }) => name).join('\n');
  const isSame = names(detected) === names(state.detected);
  const fields = isSame ? state.said.fields : {};
  return { ...state, ...AT_REST, view, detected, said: { ...state.said, fields } };
}

function whileStaging(state: Extract<CsvState, { step: 'staging' }>, action: CsvAction): CsvState {
  const { view } = state;
  switch (action.type) {
    case 'progress':
      return { ...state, progress: action.progress };
    case 'staged':
      return { step: 'staged', view, staged: action.staged };
    case 'notStaged': {
      const { error } = action;
      if (isCode(error, 'reading_invalid')) {
        const refused = Object.keys(error.fields).filter(isField);
        return {
          ...state,
          ...AT_REST,
          step: 'reading',
          wasInterrupted: false,
          isMarked: true,
          error,
          refused,
        };
      }
      if (PASSING.includes(error.code)) return { ...state, step: 'broken', error };
      const { detected, said } = state;
      return { step: 'failed', view, error, read: { view, detected, said } };
    }
    default:
      return state;
  }
}

/** What has to do with the way to the Worker, and not with the file. */
const PASSING: readonly FailureCode[] = [
  'offline',
  'internal',
  'unavailable',
  'access_unavailable',
  'rate_limited',
];

/** How the file will be read: as detected, but for what the person said. */
export function readingOf({ detected, said }: Pick<Read, 'detected' | 'said'>): Reading {
  const { encoding, delimiter, headerLine, dateOrder, decimal, fields } = detected;
  return {
    encoding,
    delimiter,
    headerLine,
    dateOrder: said.dateOrder ?? dateOrder,
    decimal: said.decimal ?? decimal,
    fields: fields.map((field, column) => {
      const chosen = said.fields[column];
      return chosen === undefined ? field : chosen;
    }),
  };
}

/** What the file leaves open, and what columns that were mapped by hand do; answered or not. */
export function askedQuestions({ detected, said }: Pick<Read, 'detected' | 'said'>) {
  const byHand = Object.entries(said.fields).flatMap(([column, field]) =>
    field === null ? [] : questionsOf(detected, Number(column), field),
  );
  return QUESTIONS.filter((one) => [...detected.questions, ...byHand].includes(one));
}

/** Questions that nobody has answered yet, in the order in which they are asked. */
export function openQuestions(read: Pick<Read, 'detected' | 'said'>): ReadingQuestion[] {
  const { said } = read;
  const asked = askedQuestions(read);
  const { fields } = readingOf(read);
  const isTwice = columnProblems(fields).some(({ code }) => code === 'field_twice');
  const isOpen: Record<ReadingQuestion, boolean> = {
    encoding: asked.includes('encoding') && !said.lettersRight,
    dates: asked.includes('dates') && said.dateOrder === undefined,
    decimals: asked.includes('decimals') && said.decimal === undefined,
    columns: isTwice || hasNoKey(fields),
  };
  return QUESTIONS.filter((question) => isOpen[question]);
}
const QUESTIONS = ['encoding', 'dates', 'decimals', 'columns'] as const;
