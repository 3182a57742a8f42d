import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ExportCodes } from '../../worker/exports/codes.ts';
import type { Side } from '../../worker/exports/export-row.ts';
import type { ExportMapping, ExportPreview as Preview } from '../../worker/exports/preview.ts';
import { DATE_ORDERS, EXPORT_FORMATS, type ExportFormat } from '../../worker/vocabulary.ts';
import { ApiError, get } from '../lib/api.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field } from '../ui/field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type Choice, exportQuery, hasDateOrder, monthBefore } from './choice.ts';
import { CodesForm } from './codes-form.tsx';
import { ExportPreview } from './export-preview.tsx';
import css from './exports.module.css';
import { useTakenFile } from './take-file.ts';
import { exportWords } from './words.ts';

/** No paper is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '1990-01-01';
const LAST_DAY = '2099-12-31';

/**
 * An export from beginning to end: which days and format, the codes of the books, what comes out, the file.
 *
 * @param api where the exports' resources are
 * @param more what else is chosen, by its name in the query
 */
export function ExportsView({
  side,
  api,
  mappings,
  off = false,
  more = {},
  fields,
  onKept,
  children,
}: {
  side: Side;
  api: (path: string) => string;
  /** The format that was saved last first. */
  mappings: readonly ExportMapping[];
  off?: boolean;
  more?: Record<string, string>;
  /** Further fields of the choice. */
  fields?: ComponentChildren;
  onKept?: () => void;
  /** What stands at the end, for the days that are chosen. */
  children?: (choice: Choice) => ComponentChildren;
}) {
  const [kept, setKept] = useState(mappings);
  const codesFor = (format: ExportFormat): ExportCodes =>
    kept.find((mapping) => mapping.format === format)?.codes ?? {};
  const [choice, setChoice] = useState<Choice>(() => {
    const format = mappings[0]?.format ?? 'xero';
    return { ...monthBefore(Date.now()), format, dates: codesFor(format).dates ?? 'dmy' };
  });
  const query = exportQuery(choice, more);
  const { preview, shown, error, ask } = usePreview(api, query);
  const file = useTakenFile();
  const change = (changed: Partial<Choice>) => setChoice((before) => ({ ...before, ...changed }));
  const { format, dates } = choice;
  return (
    <>
      <Card>
        <form
          class={css.choice}
          onSubmit={(event) => {
            event.preventDefault();
            ask(query);
          }}
        >
          <Field label={exportWords('format')}>
            {(input) => (
              <select
                {...input}
                value={format}
                onChange={({ currentTarget: { value } }) => {
                  const wanted = EXPORT_FORMATS.find((each) => each === value) ?? 'csv';
                  const next = {
                    ...choice,
                    format: wanted,
                    dates: codesFor(wanted).dates ?? choice.dates,
                  };
                  setChoice(next);
                  ask(exportQuery(next, more));
                }}
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
                  onChange={(event) => change({ [name]: event.currentTarget.value })}
                />
              )}
            </Field>
          ))}
          {hasDateOrder(format) && (
            <Field label={exportWords('dates')}>
              {(input) => (
                <select
                  {...input}
                  value={dates}
                  onChange={({ currentTarget: { value } }) =>
                    change({ dates: DATE_ORDERS.find((each) => each === value) ?? 'dmy' })
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
        </form>
      </Card>
      <section class={css.stack} aria-labelledby="export-codes">
        <h2 id="export-codes">{exportWords('codes.title')}</h2>
        <p class={css.quiet}>
          {off ? exportWords('codes.off') : exportWords(`codes.intro.${side}`)}
        </p>
        <Card>
          <CodesForm
            key={format}
            format={format}
            side={side}
            codes={codesFor(format)}
            rates={preview?.rates ?? []}
            path={api(`exports/mappings/${format}`)}
            off={off}
            more={hasDateOrder(format) ? { dates } : {}}
            onKept={(codes) => {
              setKept((all) => [{ format, codes }, ...all.filter((one) => one.format !== format)]);
              onKept?.();
              ask(query);
            }}
          />
        </Card>
      </section>
      <section class={css.stack} aria-labelledby="export-file" aria-live="polite">
        <h2 id="export-file">{exportWords('preview.title')}</h2>
        {error ? (
          <ErrorNote error={error} words={refusalWords(error)} retry={() => ask(query)} />
        ) : preview === undefined ? (
          <Skeleton lines={5} />
        ) : (
          <>
            <ExportPreview preview={preview} />
            {file.error && <ErrorNote error={file.error} words={refusalWords(file.error)} />}
            {preview.documents > 0 && (
              <div>
                <Button
                  kind="primary"
                  icon="download"
                  busy={file.busy}
                  onClick={() => void file.take(api(`exports/invoices?${shown}`))}
                >
                  {exportWords('download')}
                </Button>
              </div>
            )}
          </>
        )}
      </section>
      {children?.(choice)}
    </>
  );
}

/** What UBL says of the seller, by the names of its codes. */
const SELLER = ['sellerTaxId', 'sellerCountry', 'sellerEndpoint'];

/** What a refusal means here; nothing where the code's own words say it. */
export function refusalWords({ code, fields }: ApiError): string | undefined {
  if (code === 'not_found') return exportWords('refused.nothing');
  if (code === 'too_many_documents' && 'lines' in fields) return exportWords('refused.lines');
  if (code === 'invalid' && 'to' in fields) return exportWords('refused.period');
  if (code === 'invalid' && SELLER.some((name) => name in fields))
    return exportWords('refused.seller');
  if (code === 'invalid' && 'taxCodes.0' in fields) return exportWords('refused.untaxed');
  return undefined;
}

/** The preview of what was asked for last; what is chosen since is asked for by a press. */
function usePreview(api: (path: string) => string, first: string) {
  const [asked, setAsked] = useState({ query: first, turn: 0 });
  const [held, setHeld] = useState<{ query: string; preview: Preview }>();
  const [error, setError] = useState<ApiError>();
  const { query } = asked;
  useEffect(() => {
    const abort = new AbortController();
    setError(undefined);
    get<Preview>(api(`exports/preview?${asked.query}`), abort.signal)
      .then((preview) => setHeld({ query: asked.query, preview }))
      .catch((thrown: unknown) => {
        if (abort.signal.aborted) return;
        setError(thrown instanceof ApiError ? thrown : new ApiError('internal'));
      });
    return () => abort.abort();
  }, [asked]);
  const ask = (wanted: string) => setAsked(({ turn }) => ({ query: wanted, turn: turn + 1 }));
  return { preview: held?.query === query ? held.preview : undefined, shown: query, error, ask };
}
