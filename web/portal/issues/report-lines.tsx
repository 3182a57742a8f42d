import { useState } from 'preact/hooks';
import { formatNumber } from '../../lib/format.ts';
import { Icon } from '../../ui/icon.tsx';
import type { OrderLine } from '../types.ts';
import { Flaw } from './flaw.tsx';
import css from './report-form.module.css';
import { issueWords } from './words.ts';

/** More than these are folded away until they are wanted: most reports are about a few. */
const SHOWN_MAX = 6;

/** Which of the order's lines a report is about; none is all of them. */
export function ReportLines(props: {
  lines: OrderLine[];
  chosen: number[];
  wrong: string | undefined;
  choose: (lineNumbers: number[]) => void;
}) {
  const { lines, chosen, wrong, choose } = props;
  // Unticking the last is no wish to have them folded away.
  const [isOpen, setOpen] = useState(lines.length <= SHOWN_MAX || chosen.length > 0);
  return (
    <fieldset class={css.group} data-wrong={wrong ? true : undefined}>
      <legend>{issueWords('form.items')}</legend>
      <p class={css.quiet}>{issueWords('form.itemsHint')}</p>
      <details
        class={css.lines}
        open={isOpen || undefined}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary class={css.summary}>
          <Icon name="chevron" />
          {chosen.length > 0
            ? issueWords('form.chosen', { count: chosen.length })
            : issueWords('page.wholeOrder')}
        </summary>
        <ul class={css.choice}>
          {lines.map((line) => (
            <li key={line.lineNumber}>
              <label class={css.line}>
                <input
                  type="checkbox"
                  checked={chosen.includes(line.lineNumber)}
                  onChange={(event) => {
                    const others = chosen.filter((one) => one !== line.lineNumber);
                    choose(event.currentTarget.checked ? [...others, line.lineNumber] : others);
                  }}
                />
                <span>
                  {line.description ??
                    line.itemCode ??
                    issueWords('form.line', { number: line.lineNumber })}
                  <span class={css.about}>{aboutLine(line)}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </details>
      <Flaw>{wrong}</Flaw>
    </fieldset>
  );
}

function aboutLine({ description, itemCode, quantity, unit }: OrderLine): string {
  const amount = quantity && [formatNumber(quantity), unit].filter(Boolean).join('\u00a0');
  return [description && itemCode, amount && issueWords('form.quantity', { quantity: amount })]
    .filter(Boolean)
    .join(' · ');
}
