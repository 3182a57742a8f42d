import type { ComponentChildren } from 'preact';
import { DATE_ORDERS, EXPORT_FORMATS, type ExportFormat } from '../../worker/vocabulary.ts';
import { isBackwards } from '../lib/day.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { type Choice, hasDateOrder } from './choice.ts';
import css from './exports.module.css';
import { exportWords } from './words.ts';

/** No paper is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '1990-01-01';
const LAST_DAY = '2099-12-31';

/** Which days and format. */
export function ChoiceForm({
  id,
  choice,
  isAsked,
  fields,
  onFormat,
  onChange,
  onShow,
}: {
  id: string;
  choice: Choice;
  /** It was asked for: days that stand the wrong way round are told of. */
  isAsked: boolean;
  fields: ComponentChildren;
  onFormat: (format: ExportFormat) => void;
  onChange: (changed: Partial<Choice>) => void;
  onShow: () => void;
}) {
  return (
    <form
      id={id}
      class={css.choice}
      onSubmit={(event) => {
        event.preventDefault();
        onShow();
      }}
    >
      <Field label={exportWords('format')}>
        {(input) => (
          <select
            {...input}
            value={choice.format}
            onChange={({ currentTarget: { value } }) =>
              onFormat(EXPORT_FORMATS.find((each) => each === value) ?? 'csv')
            }
          >
            {EXPORT_FORMATS.map((each) => (
              <option key={each} value={each}>
                {exportWords(`formats.${each}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} label={exportWords(name)}>
          {(input) => (
            <input
              {...input}
              type="date"
              required
              min={FIRST_DAY}
              max={LAST_DAY}
              value={choice[name]}
              onChange={(event) => onChange({ [name]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
      {hasDateOrder(choice.format) && (
        <Field label={exportWords('dates')}>
          {(input) => (
            <select
              {...input}
              value={choice.dates}
              onChange={({ currentTarget: { value } }) =>
                onChange({ dates: DATE_ORDERS.find((each) => each === value) ?? 'dmy' })
              }
            >
              {DATE_ORDERS.map((each) => (
                <option key={each} value={each}>
                  {exportWords(`dateOrders.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {fields}
      <Button type="submit">{exportWords('show')}</Button>
      {isAsked && isBackwards(choice) && (
        <p class={css.wrong} role="alert">
          {exportWords('swapped')}
        </p>
      )}
    </form>
  );
}
