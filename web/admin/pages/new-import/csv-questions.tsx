import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import {
  DATE_ORDERS,
  DECIMALS,
  ENCODINGS,
  type ReadingQuestion,
} from '../../../../worker/vocabulary.ts';
import { formatDay } from '../../../lib/format.ts';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import type { Reading } from '../../imports.ts';
import { fieldValue, t } from '../../words.ts';
import { encodingWords } from './convention-selects.tsx';
import css from './csv-import.module.css';
import type { CsvState } from './csv-state.ts';
import { amountSample, dateSample, letterSamples, ordersOf } from './samples.ts';
import { decimalOf } from './understood.ts';
import type { CsvImport } from './use-csv-import.ts';

type Asked = {
  csv: CsvImport;
  state: Extract<CsvState, { step: 'reading' }>;
  reading: Reading;
  isOpen: boolean;
  isMissing: boolean;
};

/** What the file does not say itself: each with its own cells, as they would be understood. */
export function CsvQuestions({
  csv,
  state,
  reading,
  asked,
  open,
}: {
  csv: CsvImport;
  state: Asked['state'];
  reading: Reading;
  asked: readonly ReadingQuestion[];
  open: readonly ReadingQuestion[];
}) {
  const of = (question: ReadingQuestion): Asked => ({
    csv,
    state,
    reading,
    isOpen: open.includes(question),
    isMissing: state.isMarked && open.includes(question),
  });
  return (
    <div class={css.questions}>
      {asked.includes('encoding') && <Letters {...of('encoding')} />}
      {asked.includes('dates') && <Dates {...of('dates')} />}
      {asked.includes('decimals') && <Decimals {...of('decimals')} />}
    </div>
  );
}

function Ask({
  question,
  title,
  isOpen,
  isMissing,
  children,
}: {
  question: ReadingQuestion;
  title: string;
  isOpen: boolean;
  isMissing: boolean;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <fieldset
      class={isOpen ? css.question : css.answered}
      data-question={question}
      tabIndex={-1}
      aria-describedby={isMissing ? id : undefined}
    >
      <legend>{title}</legend>
      {children}
      {isMissing && (
        <p id={id} class={css.missing}>
          <Icon name="warning" /> {t('csvAsk.missing')}
        </p>
      )}
    </fieldset>
  );
}

function Letters({ csv, state, isOpen, isMissing }: Asked) {
  const { detected, said, isDetecting } = state;
  const samples = letterSamples(detected);
  return (
    <Ask question="encoding" title={t('csvAsk.letters')} isOpen={isOpen} isMissing={isMissing}>
      {samples.length > 0 && (
        <ul class={css.letters}>
          {samples.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <div class={css.select}>
        <Field label={t('csvReading.encoding')} hint={t('csvAsk.lettersHint')}>
          {(input) => (
            <select
              {...input}
              value={detected.encoding}
              onChange={({ currentTarget: { value } }) => {
                const encoding = ENCODINGS.find((name) => name === value);
                if (encoding) csv.cut({ encoding });
              }}
            >
              {ENCODINGS.map((name) => (
                <option key={name} value={name}>
                  {encodingWords(name)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <label class={css.choice}>
        <input
          type="checkbox"
          checked={said.lettersRight}
          disabled={isDetecting}
          onChange={({ currentTarget }) =>
            csv.dispatch({ type: 'say', said: { lettersRight: currentTarget.checked } })
          }
        />
        <span>{t('csvAsk.lettersRight')}</span>
      </label>
    </Ask>
  );
}

function Dates({ csv, state, reading, isOpen, isMissing }: Asked) {
  const name = useId();
  const sample = dateSample(state.detected, reading);
  const readings = sample ? ordersOf(sample.cell) : [];
  const choices =
    readings.length > 1 ? readings : DATE_ORDERS.map((order) => ({ order, day: undefined }));
  const title =
    sample && readings.length > 1
      ? t('csvAsk.date', { cell: sample.cell, column: sample.column })
      : t('csvAsk.dates');
  return (
    <Ask question="dates" title={title} isOpen={isOpen} isMissing={isMissing}>
      <div class={css.choices}>
        {choices.map(({ order, day }) => (
          <Choice
            key={order}
            name={name}
            isChosen={state.said.dateOrder === order}
            onChoose={() => csv.dispatch({ type: 'say', said: { dateOrder: order } })}
            title={day === undefined ? t(`dateOrders.${order}`) : formatDay(day)}
            note={day === undefined ? undefined : t(`dateOrders.${order}`)}
          />
        ))}
      </div>
    </Ask>
  );
}

const DECIMAL_NAMES = { '.': 'point', ',': 'comma' } as const;

function Decimals({ csv, state, reading, isOpen, isMissing }: Asked) {
  const name = useId();
  const sample = amountSample(state.detected, reading);
  const title = sample
    ? t('csvAsk.amount', { cell: sample.cell, column: sample.column })
    : t('csvAsk.amounts');
  return (
    <Ask question="decimals" title={title} isOpen={isOpen} isMissing={isMissing}>
      <div class={css.choices}>
        {DECIMALS.map((decimal) => {
          const read = sample ? decimalOf(sample.cell, decimal) : null;
          const words = t(`decimals.${DECIMAL_NAMES[decimal]}`);
          return (
            <Choice
              key={decimal}
              name={name}
              isChosen={state.said.decimal === decimal}
              onChoose={() => csv.dispatch({ type: 'say', said: { decimal } })}
              title={sample && read !== null ? fieldValue(sample.field, read) : words}
              note={read === null ? undefined : words}
            />
          );
        })}
      </div>
    </Ask>
  );
}

function Choice({
  name,
  isChosen,
  onChoose,
  title,
  note,
}: {
  name: string;
  isChosen: boolean;
  onChoose: () => void;
  title: string;
  note: string | undefined;
}) {
  return (
    <label class={css.choice}>
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
      <span>
        <strong>{title}</strong>
        {note && <small>{note}</small>}
      </span>
    </label>
  );
}
