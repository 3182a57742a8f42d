import type { ExportPreview as Preview } from '../../worker/exports/preview.ts';
import { formatDate, formatMoney, formatPercent } from '../lib/format.ts';
import { Card } from '../ui/card.tsx';
import { Icon } from '../ui/icon.tsx';
import css from './exports.module.css';
import { exportWords } from './words.ts';

/** Whether there is neither a document to export nor one that is left out. */
export const holdsNothing = ({ documents, leftOutCount }: Preview): boolean =>
  documents === 0 && leftOutCount === 0;

/** What an export holds, leaves out and lacks, with its first rows as they will stand in the file. */
export function ExportPreview({ preview }: { preview: Preview }) {
  const { asOf, sums, leftOut, leftOutCount, unmapped, withoutDueDate, creditsApart } = preview;
  return (
    <>
      <Card>
        <div class={css.stack}>
          <p class={css.count}>
            {holdsNothing(preview)
              ? exportWords('refused.nothing')
              : exportWords('preview.documents', { count: preview.documents })}
          </p>
          {asOf && (
            <p class={css.quiet}>{exportWords('preview.asOf', { date: formatDate(asOf) })}</p>
          )}
          {sums.length > 0 && (
            <ul class={css.sums}>
              {sums.map(({ currency, documents, net, tax, total }) => (
                <li key={currency}>
                  {exportWords('preview.sum', {
                    currency,
                    count: documents,
                    net: formatMoney(net, currency),
                    tax: formatMoney(tax, currency),
                    total: formatMoney(total, currency),
                  })}
                </li>
              ))}
            </ul>
          )}
          {unmapped.length > 0 && (
            <p class={css.warning}>
              <Icon name="warning" />
              <span>
                {exportWords('preview.unmapped', { names: unmapped.map(codeWords).join('; ') })}
              </span>
            </p>
          )}
          {creditsApart > 0 && (
            <p class={css.quiet}>{exportWords('preview.creditsApart', { count: creditsApart })}</p>
          )}
          {withoutDueDate > 0 && (
            <p class={css.quiet}>
              {exportWords('preview.withoutDueDate', { count: withoutDueDate })}
            </p>
          )}
        </div>
      </Card>
      {leftOutCount > 0 && (
        <section class={css.stack} aria-labelledby="export-left-out">
          <h2 id="export-left-out">{exportWords('leftOut.title', { count: leftOutCount })}</h2>
          <ul class={css.leftOut}>
            {leftOut.map(({ number, kind, reason }) => (
              <li key={`${kind} ${number}`}>
                <b>{number}</b> {exportWords(`leftOut.${reason}`)}
              </li>
            ))}
          </ul>
          {leftOutCount > leftOut.length && (
            <p class={css.quiet}>
              {exportWords('leftOut.more', { count: leftOutCount - leftOut.length })}
            </p>
          )}
        </section>
      )}
      {preview.rows.length > 0 && <FirstRows preview={preview} />}
    </>
  );
}

function codeWords(name: string): string {
  const rate = name.startsWith('taxCodes.') ? name.slice('taxCodes.'.length) : null;
  if (rate === 'mixed') return exportWords('codes.mixed');
  if (rate !== null) return exportWords('codes.rate', { rate: formatPercent(rate) });
  return exportWords(`codes.${name as 'account'}`); // the Worker names codes that this catalogue has
}

const FIGURE = /^-?\d+(\.\d+)?$/;

/** A picture of the file: wider than a page, so it is looked along in a room of its own. */
function FirstRows({ preview: { header, rows } }: { preview: Preview }) {
  const columns = header
    .map((name, at) => ({ name, at, isFigures: rows.every((row) => FIGURE.test(row[at] ?? '')) }))
    .filter(({ at }) => rows.some((row) => row[at] !== ''));
  return (
    <section class={css.stack} aria-labelledby="export-rows">
      <h2 id="export-rows">{exportWords('preview.rows', { count: rows.length })}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys (WCAG 2.1.1) */}
      <section class={css.room} tabIndex={0} aria-labelledby="export-rows">
        <table class={css.table} translate={false}>
          <thead>
            <tr>
              {columns.map(({ name, isFigures }) => (
                <th key={name} scope="col" class={isFigures ? css.figure : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, rowAt) => (
              <tr key={rowAt}>
                {columns.map(({ name, at, isFigures }) => (
                  <td key={name} class={isFigures ? css.figure : undefined}>
                    {row[at]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
