import { SEARCH_MAX_CHARACTERS } from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { withWanted } from '../orders-list.ts';
import css from './find-order.module.css';

/** Finds an order by its number, the customer's own or a document's. Asks when told to, not while typing. */
export function FindOrder() {
  const { route } = useLocation();
  return (
    <search>
      <form
        class={css.form}
        action="/orders"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = String(new FormData(event.currentTarget).get('q') ?? '').trim();
          route(withWanted('/orders', { q: wanted }));
        }}
      >
        <Field label={t('orders.search')} hint={t('orders.searchHint')}>
          {(input) => (
            <input
              {...input}
              type="search"
              name="q"
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
      </form>
    </search>
  );
}
