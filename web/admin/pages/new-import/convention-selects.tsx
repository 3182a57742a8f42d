import {
  DATE_ORDERS,
  DECIMALS,
  DELIMITERS,
  type Delimiter,
  ENCODINGS,
  type Encoding,
  type ReadingQuestion,
} from '../../../../worker/vocabulary.ts';
import { Field } from '../../../ui/field.tsx';
import type { Reading } from '../../imports.ts';
import { fieldValue, t } from '../../words.ts';
import css from './csv-import.module.css';
import type { CsvState } from './csv-state.ts';
import { amountSample, dateSample, letterSamples, type Sample } from './samples.ts';
import type { CsvImport } from './use-csv-import.ts';

const DELIMITER_NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;
const DECIMAL_NAMES = { '.': 'point', ',': 'comma' } as const;
/** Further down no export begins. */
const HEADER_LINES = 30;

const ENCODING_NAMES = {
  'utf-8': 'utf8',
  'utf-16le': 'utf16le',
  'utf-16be': 'utf16be',
  'windows-1252': 'windows1252',
  'windows-1250': 'windows1250',
} as const;
export const encodingWords = (name: Encoding): string => t(`encodings.${ENCODING_NAMES[name]}`);
const delimiterWords = (name: Delimiter): string => t(`delimiters.${DELIMITER_NAMES[name]}`);

/** What the file says itself, each to be looked over with a cell of it, and put right. */
export function ConventionSelects({
  csv,
  state,
  reading,
  asked,
}: {
  csv: CsvImport;
  state: Extract<CsvState, { step: 'reading' }>;
  reading: Reading;
  /** What is asked for above is not repeated. */
  asked: readonly ReadingQuestion[];
}) {
  const { detected } = state;
  const lines = Math.max(HEADER_LINES, detected.headerLine);
  const columns = detected.columns.length;
  return (
    <div class={css.conventions}>
      {!asked.includes('encoding') && (
        <Choose
          label={t('csvReading.encoding')}
          hint={letterSamples(detected)[0]}
          value={detected.encoding}
          options={ENCODINGS}
          words={encodingWords}
          onChoose={(encoding) => csv.cut({ encoding })}
        />
      )}
      <Choose
        label={t('csvReading.delimiter')}
        hint={t('csvReading.columnsFound', { count: columns })}
        value={detected.delimiter}
        options={DELIMITERS}
        words={delimiterWords}
        onChoose={(delimiter) => csv.cut({ delimiter })}
      />
      <Choose
        label={t('csvReading.header')}
        hint={
          detected.preamble > 0
            ? t('csvReading.preamble', { count: detected.preamble })
            : t('csvReading.preambleNone')
        }
        value={detected.headerLine}
        options={Array.from({ length: lines }, (_, at) => at + 1)}
        words={(line) => t('problem.line', { line: String(line) })}
        onChoose={(headerLine) => csv.cut({ headerLine })}
      />
      {!asked.includes('dates') && (
        <Choose
          label={t('csvReading.dates')}
          hint={means(dateSample(detected, reading))}
          value={reading.dateOrder}
          options={DATE_ORDERS}
          words={(order) => t(`dateOrders.${order}`)}
          onChoose={(dateOrder) => csv.dispatch({ type: 'say', said: { dateOrder } })}
        />
      )}
      {!asked.includes('decimals') && (
        <Choose
          label={t('csvReading.decimals')}
          hint={means(amountSample(detected, reading))}
          value={reading.decimal}
          options={DECIMALS}
          words={(decimal) => t(`decimals.${DECIMAL_NAMES[decimal]}`)}
          onChoose={(decimal) => csv.dispatch({ type: 'say', said: { decimal } })}
        />
      )}
    </div>
  );
}

function Choose<Value extends string | number>({
  label,
  hint,
  value,
  options,
  words,
  onChoose,
}: {
  label: string;
  hint: string | undefined;
  value: Value;
  options: readonly Value[];
  words: (value: Value) => string;
  onChoose: (value: Value) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      {(input) => (
        <select
          {...input}
          value={String(value)}
          onChange={({ currentTarget }) => {
            const chosen = options.find((option) => String(option) === currentTarget.value);
            if (chosen !== undefined) onChoose(chosen);
          }}
        >
          {options.map((option) => (
            <option key={option} value={String(option)}>
              {words(option)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A cell, and what it will be. */
export function means(sample: Sample | undefined): string | undefined {
  if (!sample) return undefined;
  const { field, cell, canonical } = sample;
  if (canonical === null) return t('csvReading.meansNothing', { cell });
  return t('csvReading.means', { cell, value: fieldValue(field, canonical) });
}
