import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ExportCodes } from '../../worker/exports/codes.ts';
import type { Side } from '../../worker/exports/export-row.ts';
import type { ExportMapping } from '../../worker/exports/preview.ts';
import type { ExportFormat } from '../../worker/vocabulary.ts';
import type { ApiError } from '../lib/api.ts';
import { isBackwards } from '../lib/day.ts';
import { useLocation } from '../lib/router.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import {
  type Choice,
  choiceIn,
  dateOrderIn,
  exportQuery,
  hasDateOrder,
  monthBefore,
} from './choice.ts';
import { ChoiceForm } from './choice-form.tsx';
import { CodesForm, type Draft } from './codes-form.tsx';
import { ExportPreview, holdsNothing } from './export-preview.tsx';
import css from './exports.module.css';
import { useTakenFile } from './take-file.ts';
import { usePreview } from './use-preview.ts';
import { exportWords } from './words.ts';

const FORM = 'export-choice';

/** What stands beside an export is told of the choice. */
export type Chosen = Pick<Choice, 'from' | 'to' | 'dates'> & {
  /** It is known that no invoice or credit note is of these days. */
  hasNoInvoices: boolean;
};

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
  children?: (chosen: Chosen) => ComponentChildren;
}) {
  const { query: address, path, route } = useLocation();
  const [kept, setKept] = useState(mappings);
  const codesFor = (format: ExportFormat): ExportCodes =>
    kept.find((mapping) => mapping.format === format)?.codes ?? {};
  const [usual] = useState(() => ({
    ...monthBefore(Date.now()),
    format: mappings[0]?.format ?? 'xero',
  }));
  // The address holds what is shown, so that a reload and the way back find it again; the form, what is wanted next.
  const datesFor = (format: ExportFormat) =>
    codesFor(format).dates ?? dateOrderIn(navigator.language);
  const asked = choiceIn(address, usual, datesFor);
  const inAddress = exportQuery(asked);
  const [choice, setChoice] = useState(asked);
  const [isAsked, setAsked] = useState(true);
  useEffect(() => setChoice(asked), [inAddress]);
  const [moreShown, setMoreShown] = useState(more);
  const [turn, setTurn] = useState(0);
  const shown = isBackwards(asked) ? null : exportQuery(asked, moreShown);
  const { preview, error } = usePreview(api, shown, turn);
  const show = (wanted: Choice) => {
    setAsked(true);
    if (isBackwards(wanted)) return;
    setMoreShown(more);
    setTurn((before) => before + 1);
    const query = exportQuery(wanted);
    if (query !== inAddress) route(`${path}?${query}`);
  };
  const file = useTakenFile();
  const drafts = useRef<Partial<Record<ExportFormat, Draft>>>({});
  const { format, dates } = choice;
  const isShown = shown === exportQuery(choice, more);
  const last = kept[0]?.format;
  return (
    <>
      <Card>
        <ChoiceForm
          id={FORM}
          choice={choice}
          isAsked={isAsked}
          fields={fields}
          onFormat={(wanted) => {
            const next = { ...choice, format: wanted, dates: codesFor(wanted).dates ?? dates };
            setChoice(next);
            show(next);
          }}
          onChange={(changed) => {
            setAsked(false);
            setChoice((before) => ({ ...before, ...changed }));
          }}
          onShow={() => show(choice)}
        />
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
            draft={drafts.current[format] ?? {}}
            onDraft={(draft) => {
              drafts.current[format] = draft;
            }}
            onKept={(codes) => {
              delete drafts.current[format];
              setKept((all) => [{ format, codes }, ...all.filter((one) => one.format !== format)]);
              onKept?.();
              show(choice);
            }}
          />
        </Card>
      </section>
      <section class={css.stack} aria-labelledby="export-file" aria-live="polite">
        <h2 id="export-file">{exportWords('preview.title')}</h2>
        {!isShown ? (
          <>
            <p>{exportWords(isBackwards(choice) ? 'swapped' : 'changed')}</p>
            <div>
              <Button type="submit" form={FORM}>
                {exportWords('show')}
              </Button>
            </div>
          </>
        ) : error ? (
          <ErrorNote
            error={error}
            words={refusalWords(error)}
            {...(error.code !== 'invalid' && { retry: () => show(choice) })}
          />
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
      {children?.({
        from: choice.from,
        to: choice.to,
        // A pack's export is in the format that was kept last, whichever is looked at now.
        dates: last === undefined || last === format ? dates : datesFor(last),
        hasNoInvoices: isShown && preview !== undefined && holdsNothing(preview),
      })}
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
