import { useState } from 'preact/hooks';
import {
  INVOICE_FILTERS,
  INVOICE_KINDS,
  SEARCH_MAX_CHARACTERS,
} from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { useMedia } from '../../lib/media.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button, LinkButton } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { DayFields, entriesOf, isBackwards, withQuery } from './days.tsx';
import css from './filters.module.css';
import { type InvoicesWanted, wantedOf } from './invoices-list.ts';
import { w } from './words.ts';

/** Which invoices are wanted: the search is always there, the rest is folded away on a phone. */
export function InvoiceFilters({ wanted }: { wanted: InvoicesWanted }) {
  const { route } = useLocation();
  const isWide = useMedia('(width >= 40rem)');
  const { kind, status, from, to } = wanted;
  const [isOpen, setOpen] = useState(Boolean(kind || status || from || to));
  const [backwards, setBackwards] = useState(false);
  const ask = (form: HTMLFormElement) => {
    const asked = wantedOf(entriesOf(form));
    setBackwards(isBackwards(asked));
    const path = withQuery('/invoices', asked);
    if (!isBackwards(asked) && path !== withQuery('/invoices', wanted)) route(path);
  };
  const askOnChange = (event: { currentTarget: HTMLSelectElement }) => {
    if (event.currentTarget.form) ask(event.currentTarget.form);
  };
  return (
    <search>
      {/* What was chosen elsewhere, by the back button or a link, is shown here too. */}
      <form
        key={withQuery('', wanted)}
        class={css.form}
        action="/invoices"
        onSubmit={(event) => {
          event.preventDefault();
          ask(event.currentTarget);
        }}
      >
        <div class={css.search}>
          <Field label={w('filter.search')} hint={w('filter.searchHint')}>
            {(input) => (
              <input
                {...input}
                type="search"
                name="q"
                defaultValue={wanted.q}
                maxLength={SEARCH_MAX_CHARACTERS}
                autocomplete="off"
                autocapitalize="characters"
                spellcheck={false}
                enterkeyhint="search"
              />
            )}
          </Field>
          <Button type="submit" kind="primary" icon="search">
            {t('orders.find')}
          </Button>
        </div>
        <details
          class={css.more}
          open={isWide || isOpen}
          onToggle={(event) => setOpen(event.currentTarget.open)}
        >
          <summary class={css.summary}>
            <Icon name="chevron" />
            {w('filter.more')}
          </summary>
          <div class={css.fields}>
            <Field label={w('filter.kind')}>
              {(input) => (
                <select {...input} name="kind" onChange={askOnChange}>
                  <option value="">{w('kind.all')}</option>
                  {INVOICE_KINDS.map((one) => (
                    <option key={one} value={one} selected={one === kind}>
                      {w(`kind.${one}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={w('filter.status')}>
              {(input) => (
                <select {...input} name="status" onChange={askOnChange}>
                  <option value="">{w('status.all')}</option>
                  {INVOICE_FILTERS.map((one) => (
                    <option key={one} value={one} selected={one === status}>
                      {w(`status.${one}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <DayFields from={from} to={to} />
            <Button type="submit">{w('filter.show')}</Button>
          </div>
        </details>
        {withQuery('', wanted) !== '' && (
          <LinkButton icon="close" href="/invoices">
            {w('filter.clear')}
          </LinkButton>
        )}
        {backwards && (
          <p class={css.error} role="alert">
            {w('filter.swapped')}
          </p>
        )}
      </form>
    </search>
  );
}
