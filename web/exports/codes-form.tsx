import { useState } from 'preact/hooks';
import type { ExportCodes } from '../../worker/exports/codes.ts';
import type { Side } from '../../worker/exports/export-row.ts';
import type { ExportFormat } from '../../worker/vocabulary.ts';
import { ApiError, send } from '../lib/api.ts';
import { formatPercent } from '../lib/format.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field } from '../ui/field.tsx';
import { toast } from '../ui/toast.tsx';
import css from './exports.module.css';
import { exportWords } from './words.ts';

type Name = Exclude<keyof ExportCodes, 'taxCodes' | 'dates'>;

/** What each format asks for, in the customer's books; the supplier's know their own customers. */
const NAMES: Record<ExportFormat, readonly Name[]> = {
  xero: ['contact', 'account'],
  quickbooks: ['contact', 'account', 'taxAccount'],
  sage50: ['contact', 'account', 'department'],
  csv: ['account'],
  ubl: [
    'sellerTaxId',
    'sellerCountry',
    'sellerEndpoint',
    'buyerTaxId',
    'buyerCountry',
    'buyerEndpoint',
  ],
};
const OF_PURCHASES: readonly Name[] = ['contact', 'buyerTaxId', 'buyerCountry', 'buyerEndpoint'];
/** What UBL says of lines without tax. */
const UNTAXED = ['Z', 'E', 'AE', 'G'] as const;

const namesOf = (format: ExportFormat, side: Side) =>
  NAMES[format].filter((name) => side === 'purchases' || !OF_PURCHASES.includes(name));

/** What a form of codes says and is not kept yet, by the names of its fields. */
export type Draft = Record<string, string>;

function draftOf(form: HTMLFormElement): Draft {
  // A form's data leaves out what is not ticked, and a draft has to say it.
  const boxes = form.querySelectorAll<HTMLInputElement>('input[type=checkbox]');
  const data = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  return Object.fromEntries([...[...boxes].map(({ name }) => [name, '']), ...data]);
}

/** What a form of codes says, without what is empty. Pure. */
function codesOf(draft: Draft): ExportCodes {
  const entries = Object.entries(draft).map(([name, value]) => [name, value.trim()] as const);
  const filled = entries.filter(([, value]) => value !== '');
  const rates = filled.filter(([name]) => name.startsWith('rate:'));
  const rest = Object.fromEntries(filled.filter(([name]) => !name.startsWith('rate:')));
  const taxCodes = Object.fromEntries(rates.map(([name, value]) => [name.slice(5), value]));
  return { ...rest, ...(rates.length > 0 && { taxCodes }) };
}

/** The codes of somebody's books for a format: filled in once, and kept. */
export function CodesForm({
  format,
  side,
  codes,
  rates,
  path,
  off,
  more,
  draft,
  onDraft,
  onKept,
}: {
  format: ExportFormat;
  side: Side;
  codes: ExportCodes;
  /** Those of the documents that are exported. */
  rates: readonly string[];
  path: string;
  /** Somebody only looks. */
  off: boolean;
  /** What is chosen elsewhere, and kept too. */
  more: Pick<ExportCodes, 'dates'>;
  /** What was filled in for the format before. */
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onKept: (codes: ExportCodes) => void;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const keep = async (form: HTMLFormElement) => {
    setBusy(true);
    setError(undefined);
    try {
      const kept = await send<{ codes: ExportCodes }>('PUT', path, {
        ...codesOf(draftOf(form)),
        ...more,
      });
      toast(exportWords('codes.saved'));
      onKept(kept.codes);
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown : new ApiError('internal'));
    }
    setBusy(false);
  };
  return (
    <form
      class={css.stack}
      onInput={(event) => onDraft({ ...draft, ...draftOf(event.currentTarget) })}
      onSubmit={(event) => {
        event.preventDefault();
        void keep(event.currentTarget);
      }}
    >
      <fieldset class={css.codes} disabled={off}>
        <legend class="unseen">{exportWords('codes.title')}</legend>
        {namesOf(format, side).map((name) => (
          <Field
            key={name}
            label={exportWords(`codes.${name}`)}
            hint={hintOf(name, format, side)}
            error={error?.fields[name] && exportWords('codes.wrong')}
          >
            {(input) => (
              <input
                {...input}
                name={name}
                defaultValue={draft[name] ?? codes[name]}
                maxLength={120}
                autocomplete="off"
              />
            )}
          </Field>
        ))}
        {format === 'ubl' ? (
          <>
            <Untaxed code={draft['rate:0'] ?? codes.taxCodes?.['0']} />
            {ratesOf(codes, rates)
              .filter((rate) => rate !== '0' && rate !== 'mixed')
              .map((rate) => (
                <IsRate
                  key={rate}
                  rate={rate}
                  isSaid={Boolean(draft[`rate:${rate}`] ?? codes.taxCodes?.[rate])}
                />
              ))}
          </>
        ) : (
          format !== 'quickbooks' &&
          ratesOf(codes, rates).map((rate) => (
            <Field
              key={rate}
              label={rateWords(rate)}
              hint={format === 'sage50' ? exportWords('codes.sageHint') : undefined}
              error={error?.fields[`taxCodes.${rate}`] && exportWords('codes.wrong')}
            >
              {(input) => (
                <input
                  {...input}
                  name={`rate:${rate}`}
                  defaultValue={draft[`rate:${rate}`] ?? codes.taxCodes?.[rate]}
                  maxLength={60}
                  autocomplete="off"
                />
              )}
            </Field>
          ))
        )}
      </fieldset>
      {error && <ErrorNote error={error} />}
      <div>
        <Button type="submit" busy={busy} off={off}>
          {exportWords('codes.save')}
        </Button>
      </div>
    </form>
  );
}

function hintOf(name: Name, format: ExportFormat, side: Side): string | undefined {
  if (name === 'account' && format === 'quickbooks' && side === 'sales')
    return exportWords('codes.accountHint');
  if (format === 'sage50' && (name === 'contact' || name === 'account'))
    return exportWords('codes.sageReferenceHint');
  if (format === 'sage50' && name === 'department') return exportWords('codes.sageDepartmentHint');
  if (name === 'taxAccount') return exportWords('codes.taxAccountHint');
  if (name.endsWith('Country')) return exportWords('codes.countryHint');
  return name.endsWith('Endpoint') ? exportWords('codes.endpointHint') : undefined;
}

/** Rates that documents have, and those that were mapped before. */
function ratesOf({ taxCodes = {} }: ExportCodes, rates: readonly string[]): string[] {
  return [...new Set([...rates, ...Object.keys(taxCodes)])].sort(
    (a, b) => (Number(a) || 0) - (Number(b) || 0),
  );
}

const rateWords = (rate: string) =>
  rate === 'mixed'
    ? exportWords('codes.mixed')
    : exportWords('codes.rate', { rate: formatPercent(rate) });

/** UBL charges every rate alike, so of one that was worked out it only has to be known that there is such a rate. */
function IsRate({ rate, isSaid }: { rate: string; isSaid: boolean }) {
  return (
    <label class={css.isRate}>
      <input type="checkbox" name={`rate:${rate}`} value="S" defaultChecked={isSaid} />{' '}
      {exportWords('codes.isRate', { rate: formatPercent(rate) })}
    </label>
  );
}

function Untaxed({ code }: { code: string | undefined }) {
  return (
    <Field label={exportWords('codes.untaxed')}>
      {(input) => (
        <select {...input} name="rate:0">
          {UNTAXED.map((each) => (
            <option key={each} value={each} selected={each === code}>
              {exportWords(`codes.untaxedAs.${each}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
