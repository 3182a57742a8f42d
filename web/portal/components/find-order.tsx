import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import css from './find-order.module.css';

/** The longest search that is sent on. */
const SEARCH_MAX_CHARACTERS = 100;

/** Finds an order by its number or the customer's own. Asks when told to, not while typing. */
export function FindOrder({ q }: { q: string }) {
  const { route } = useLocation();
  return (
    <search>
      <form
        class={css.form}
        action="/"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = String(new FormData(event.currentTarget).get('q') ?? '').trim();
          if (wanted !== q) route(wanted ? `/?${new URLSearchParams({ q: wanted })}` : '/');
        }}
      >
        <Field label={t('orders.search')}>
          {(input) => (
            <input
              {...input}
              key={q}
              type="search"
              name="q"
              defaultValue={q}
              maxLength={SEARCH_MAX_CHARACTERS}
              placeholder={t('orders.searchHint')}
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
      </form>
    </search>
  );
}
