import type { CanonicalField } from '../../../../worker/vocabulary.ts';
import { Field } from '../../../ui/field.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { isField, type Reading } from '../../imports.ts';
import { fieldValue, joined, t } from '../../words.ts';
import { type ColumnProblem, columnProblems, fieldsByEntity, hasNoKey } from './columns.ts';
import css from './csv-import.module.css';
import type { CsvState } from './csv-state.ts';
import { understood } from './understood.ts';
import type { CsvImport } from './use-csv-import.ts';

type Row = { at: number; name: string; samples: string[]; field: CanonicalField | null };

/** Every column with cells of it, and which field it is. What is not used is said. */
export function ColumnsTable({
  csv,
  state,
  reading,
  isOpen,
}: {
  csv: CsvImport;
  state: Extract<CsvState, { step: 'reading' }>;
  reading: Reading;
  /** Something has to be put right before the file can be staged. */
  isOpen: boolean;
}) {
  const rows = state.detected.columns.map(
    ({ name, samples }, at): Row => ({
      at,
      name: name || t('csvColumns.unnamed', { at: at + 1 }),
      samples,
      field: reading.fields[at] ?? null,
    }),
  );
  const problems = columnProblems(reading.fields);
  const errorOf = (row: Row): string | undefined => {
    if (row.field !== null && state.refused.includes(row.field)) return t('csvColumns.refused');
    const problem = problems.find(({ column }) => column === row.at);
    return problem && problemWords(problem, rows);
  };
  const unused = rows.filter(({ field }) => field === null).map(({ name }) => name);
  // Fields that no column has, and the Worker misses.
  const missing = state.refused.filter((field) => !reading.fields.includes(field));
  const columns: Column<Row>[] = [
    { id: 'name', label: t('csvColumns.column'), main: true, cell: ({ name }) => name },
    {
      id: 'samples',
      label: t('csvColumns.samples'),
      wide: true,
      cell: (row) => <Samples row={row} reading={reading} />,
    },
    {
      id: 'field',
      label: t('csvColumns.field'),
      wide: true,
      cell: (row) => (
        <FieldSelect
          row={row}
          error={errorOf(row)}
          onChoose={(field) => csv.dispatch({ type: 'map', column: row.at, field })}
        />
      ),
    },
  ];
  return (
    <div class={css.columns} data-question="columns" tabIndex={-1}>
      <h3>{t('csvColumns.title')}</h3>
      <div role="status">
        {isOpen && hasNoKey(reading.fields) && <p class={css.stop}>{t('csvColumns.noKey')}</p>}
        {state.detected.questions.includes('columns') && !hasNoKey(reading.fields) && (
          <p class={css.look}>{t('csvColumns.ambiguous')}</p>
        )}
        {missing.length > 0 && (
          <p class={css.stop}>
            {t('csvColumns.missing', {
              fields: joined(missing.map((name) => t(`fields.${name}`))),
            })}
          </p>
        )}
        <p class={css.soft}>
          {unused.length === 0
            ? t('csvColumns.allUsed', { count: rows.length })
            : t('csvColumns.unused', { count: unused.length, names: joined(unused) })}
        </p>
      </div>
      <Table
        caption={t('csvColumns.title')}
        columns={columns}
        rows={rows}
        rowKey={({ at }) => at}
      />
    </div>
  );
}

function problemWords(problem: ColumnProblem, rows: readonly Row[]): string {
  return problem.code === 'field_twice'
    ? t('csvColumns.twice', { other: rows[problem.other]?.name ?? '' })
    : t('csvColumns.keyMissing', { key: t(`fields.${problem.key}`) });
}

/** Cells as they stand, and beneath each what it will be where that is not the same. */
function Samples({ row: { samples, field }, reading }: { row: Row; reading: Reading }) {
  if (samples.length === 0) return <span class={css.soft}>{t('csvColumns.empty')}</span>;
  return (
    <ul class={css.samples}>
      {samples.map((cell) => {
        const canonical = field && understood(field, cell, reading);
        const shown = field && canonical !== null ? fieldValue(field, canonical ?? '') : null;
        return (
          <li key={cell}>
            <span class={css.cell}>{cell}</span>
            {field && canonical === null && (
              <span class={css.unread}>{t('csvColumns.unread')}</span>
            )}
            {shown !== null && shown !== cell.trim() && <span class={css.shown}>{shown}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function FieldSelect({
  row,
  error,
  onChoose,
}: {
  row: Row;
  error: string | undefined;
  onChoose: (field: CanonicalField | null) => void;
}) {
  return (
    <Field label={t('csvColumns.fieldOf', { name: row.name })} hideLabel error={error}>
      {(input) => (
        <select
          {...input}
          class={row.field === null ? css.notUsed : undefined}
          value={row.field ?? ''}
          onChange={({ currentTarget: { value } }) => onChoose(isField(value) ? value : null)}
        >
          <option value="">{t('csvColumns.notUsed')}</option>
          {fieldsByEntity().map(([entity, fields]) => (
            <optgroup key={entity} label={t(`csvEntities.${entity}`)}>
              {fields.map((field) => (
                <option key={field} value={field}>
                  {t(`fields.${field}`)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}
