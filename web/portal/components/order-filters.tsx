import { useState } from 'preact/hooks';
import { ORDER_FILTERS, ORDER_SORTS, SEARCH_MAX_CHARACTERS } from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { useMedia } from '../../lib/media.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button, LinkButton } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { tl } from '../later-words.ts';
import { type OrdersWanted, wantedOf, withWanted } from '../orders-list.ts';
import css from './order-filters.module.css';

/** No order is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '1990-01-01';
const LAST_DAY = '2099-12-31';

/** Which orders are wanted: the search is always there, the rest is folded away on a phone. */
export function OrderFilters({ wanted }: { wanted: OrdersWanted }) {
  const { route } = useLocation();
  const isWide = useMedia('(width >= 40rem)');
  const [isOpen, setOpen] = useState(Boolean(wanted.status || wanted.from || wanted.to));
  const [isBackwards, setBackwards] = useState(false);
  const ask = (form: HTMLFormElement) => {
    const asked = wantedOf(Object.fromEntries(entriesOf(form)));
    const backwards = Boolean(asked.from && asked.to && asked.from > asked.to);
    setBackwards(backwards);
    const path = withWanted('/orders', asked);
    if (!backwards && path !== withWanted('/orders', wanted)) route(path);
  };
  const askOnChange = (event: { currentTarget: HTMLSelectElement }) => {
    if (event.currentTarget.form) ask(event.currentTarget.form);
  };
  return (
    <search>
      {/* What was chosen elsewhere, by the back button or a link, is shown here too. */}
      <form
        key={withWanted('', wanted)}
        class={css.form}
        action="/orders"
        onSubmit={(event) => {
          event.preventDefault();
          ask(event.currentTarget);
        }}
      >
        <div class={css.search}>
          <Field label={t('orders.search')} hint={t('orders.searchHint')}>
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
            {tl('orders.more')}
          </summary>
          <div class={css.fields}>
            <Field label={t('orders.status')}>
              {(input) => (
                <select {...input} name="status" onChange={askOnChange}>
                  {ORDER_FILTERS.map((filter) => (
                    <option
                      key={filter}
                      value={filter}
                      selected={filter === (wanted.status ?? 'all')}
                    >
                      {t(`orders.${filter}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={tl('orders.sort')}>
              {(input) => (
                <select {...input} name="sort" onChange={askOnChange}>
                  {ORDER_SORTS.map((sort) => (
                    <option key={sort} value={sort} selected={sort === (wanted.sort ?? 'newest')}>
                      {tl(`orders.sorts.${sort}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Day name="from" label={tl('orders.from')} day={wanted.from} />
            <Day name="to" label={tl('orders.to')} day={wanted.to} />
            <Button type="submit">{tl('documents.show')}</Button>
          </div>
        </details>
        {withWanted('', { ...wanted, sort: undefined }) !== '' && (
          <LinkButton icon="close" href={withWanted('/orders', { sort: wanted.sort })}>
            {t('orders.clear')}
          </LinkButton>
        )}
        {isBackwards && (
          <p class={css.error} role="alert">
            {tl('documents.swapped')}
          </p>
        )}
      </form>
    </search>
  );
}

function Day({ name, label, day }: { name: string; label: string; day: string | undefined }) {
  return (
    <Field label={label}>
      {(input) => (
        <input
          {...input}
          type="date"
          name={name}
          defaultValue={day}
          min={FIRST_DAY}
          max={LAST_DAY}
        />
      )}
    </Field>
  );
}

function entriesOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].map(([name, value]) => [name, String(value)]);
}
