import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../lib/api.ts';
import type { Detected, ImportView, Staged } from '../../imports.ts';
import {
  askedQuestions,
  type CsvAction,
  type CsvState,
  csvReducer,
  csvStateOf,
  openQuestions,
  readingOf,
} from './csv-state.ts';

const DETECTED: Detected = {
  encoding: 'windows-1252',
  delimiter: ';',
  headerLine: 3,
  dateOrder: 'dmy',
  decimal: ',',
  fields: ['order_number', null, 'order_total'],
  columns: [
    { name: 'Nr zamówienia', samples: ['0012'] },
    { name: 'Data', samples: ['03.04.2026'] },
    { name: 'Kwota', samples: ['1.234,50'] },
  ],
  fingerprint: 'f',
  questions: ['encoding', 'dates'],
  ruledOut: [],
  preview: [],
  preamble: 2,
  profile: null,
};
const VIEW: ImportView = {
  id: 'i',
  publishId: 'p',
  fileName: 'orders.csv',
  size: 100,
  state: 'uploaded',
  rows: 0,
  skipped: 0,
  blank: 0,
  items: 0,
  createdAt: '2026-11-21T10:00:00Z',
  detected: DETECTED,
};
const STAGED: Staged = {
  publishId: 'p',
  import: {
    id: 'i',
    rows: 3,
    items: 3,
    skipped: 0,
    blank: 0,
    unknownColumns: [],
    duplicateColumns: [],
    problems: [],
  },
};
const REFUSED = new ApiError('invalid', { status: 422, fields: { order_number: 'key_unmapped' } });
// The Worker's own name for it, which this list of codes need not know.
Object.assign(REFUSED, { code: 'reading_invalid' });

const after = (...actions: CsvAction[]): CsvState => actions.reduce(csvReducer, csvStateOf(VIEW));
const readOf = (state: CsvState) => {
  if (!('detected' in state)) throw new Error(`not read: ${state.step}`);
  return state;
};

describe('a CSV between its arrival and its publish', () => {
  test('asks what the file does not say, and nothing twice', () => {
    const open = (...actions: CsvAction[]) => openQuestions(readOf(after(...actions)));
    expect(open()).toEqual(['encoding', 'dates']);
    expect(open({ type: 'say', said: { lettersRight: true } })).toEqual(['dates']);
    expect(
      open(
        { type: 'say', said: { lettersRight: true } },
        { type: 'say', said: { dateOrder: 'dmy' } },
      ),
    ).toEqual([]);
  });

  test('is read as detected, but for what was said', () => {
    const state = after(
      { type: 'map', column: 1, field: 'order_date' },
      { type: 'map', column: 2, field: null },
      { type: 'say', said: { dateOrder: 'mdy' } },
    );
    expect(readingOf(readOf(state))).toEqual({
      encoding: 'windows-1252',
      delimiter: ';',
      headerLine: 3,
      dateOrder: 'mdy',
      decimal: ',',
      fields: ['order_number', 'order_date', null],
    });
  });

  test('asks of a column that was mapped by hand what it was not looked at for', () => {
    const ruledOut = [
      { dateOrders: [], decimals: [] },
      { dateOrders: ['ymd' as const], decimals: [] },
      { dateOrders: [], decimals: ['.' as const] },
    ];
    const known = { ...DETECTED, fields: ['order_number' as const, null, null], questions: [] };
    const detected = { ...known, dateOrder: 'ymd' as const, decimal: '.' as const, ruledOut };
    const said = { lettersRight: false, fields: { 1: 'order_date', 2: 'order_total' } } as const;
    expect(askedQuestions({ detected, said: { ...said, fields: {} } })).toEqual([]);
    expect(openQuestions({ detected, said })).toEqual(['dates', 'decimals']);
    const answered = { ...said, dateOrder: 'dmy', decimal: ',' } as const;
    expect(openQuestions({ detected, said: answered })).toEqual([]);
    // By the order and the sign that all its cells allow, there is nothing to ask.
    expect(openQuestions({ detected: { ...known, ruledOut }, said })).toEqual([]);
  });

  test('two columns for one field, or none that names a row, stay open', () => {
    const open = (...actions: CsvAction[]) => openQuestions(readOf(after(...actions)));
    expect(open({ type: 'map', column: 1, field: 'order_number' })).toContain('columns');
    expect(open({ type: 'map', column: 0, field: null })).toContain('columns');
  });

  test('read anew, the same columns keep their fields and others are asked about', () => {
    const mapped: CsvAction = { type: 'map', column: 1, field: 'order_date' };
    const anew = (detected: Detected): CsvAction => ({
      type: 'detected',
      view: { ...VIEW, detected },
    });
    const same = after(mapped, { type: 'detecting' }, anew({ ...DETECTED, encoding: 'utf-8' }));
    expect(readingOf(readOf(same)).fields[1]).toBe('order_date');
    const columns = [{ name: 'Nr;Data;Kwota', samples: [] }];
    const other = after(
      mapped,
      { type: 'detecting' },
      anew({ ...DETECTED, columns, fields: [null] }),
    );
    expect(readingOf(readOf(other)).fields).toEqual([null]);
  });

  test('other letters are looked at again', () => {
    const state = after(
      { type: 'say', said: { lettersRight: true } },
      { type: 'detecting' },
      { type: 'detected', view: VIEW },
    );
    expect(openQuestions(readOf(state))).toContain('encoding');
  });

  test('a broken connection may begin again, and keeps what was said', () => {
    const state = after(
      { type: 'say', said: { dateOrder: 'mdy' } },
      { type: 'staging' },
      { type: 'progress', progress: { position: 50, size: 100, rows: 2 } },
      { type: 'notStaged', error: new ApiError('offline') },
    );
    expect(state).toMatchObject({ step: 'broken', progress: { rows: 2 } });
    expect(csvReducer(state, { type: 'staging' })).toMatchObject({
      step: 'staging',
      progress: null,
      said: { dateOrder: 'mdy' },
    });
  });

  test('a reading that the Worker refuses comes back with what it refused', () => {
    const state = after({ type: 'staging' }, { type: 'notStaged', error: REFUSED });
    expect(state).toMatchObject({ step: 'reading', isMarked: true, refused: ['order_number'] });
    const mapped = csvReducer(state, { type: 'map', column: 1, field: 'order_number' });
    expect(mapped).toMatchObject({ refused: [], error: null });
  });

  test('what is wrong with the file itself is not tried again', () => {
    // Told within the stream, so that no status says it.
    const error = new ApiError('csv_unclosed_quote', { fields: { line: '7' } });
    const state = after({ type: 'staging' }, { type: 'notStaged', error });
    expect(state).toMatchObject({ step: 'failed', error });
    // It may have been read the wrong way.
    expect(csvReducer(state, { type: 'reopen' })).toMatchObject({ step: 'reading', error: null });
  });

  test('ends with what became of it, and an old answer changes nothing', () => {
    const state = after({ type: 'staging' }, { type: 'staged', staged: STAGED });
    expect(state).toEqual({ step: 'staged', view: VIEW, staged: STAGED });
    expect(csvReducer(state, { type: 'detected', view: VIEW })).toBe(state);
  });

  test('opened again, it goes on where it was', () => {
    const interrupted = csvStateOf({ ...VIEW, state: 'reading' });
    expect(interrupted).toMatchObject({ step: 'reading', wasInterrupted: true });
    expect(openQuestions(readOf(interrupted))).toEqual(['encoding', 'dates']);
    const confirmed = { ...DETECTED, questions: [] };
    expect(csvStateOf({ ...VIEW, state: 'reading', detected: confirmed }).step).toBe('broken');
    expect(csvStateOf({ ...VIEW, state: 'staged' }).step).toBe('staged');
  });
});
