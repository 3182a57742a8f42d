import { useState } from 'preact/hooks';
import {
  DOCUMENT_KINDS,
  FINANCIAL_DOCUMENT_KINDS,
  SEARCH_MAX_CHARACTERS,
} from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { useMedia } from '../../lib/media.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button, LinkButton } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { type DocumentFilter, filtered, filterOf } from '../documents-list.ts';
import { tl } from '../later-words.ts';
import css from './document-filters.module.css';
import { knownVisit } from './shell.tsx';

/** No paper is older, and a year of more digits is a slip of the finger. */
const FIRST_DAY = '1990-01-01';
const LAST_DAY = '2099-12-31';

/**
 * Which documents are wanted. The search is always there; on a phone the rest is folded away. A kind is
 * asked for when chosen, days when both are as meant.
 */
export function DocumentFilters({ filter }: { filter: DocumentFilter }) {
  const { route } = useLocation();
  const isWide = useMedia('(width >= 40rem)');
  const [isOpen, setOpen] = useState(Boolean(filter.kind || filter.from || filter.to));
  const [swapped, setSwapped] = useState(false);
  const ask = (form: HTMLFormElement) => {
    const wanted = filterOf(Object.fromEntries(entriesOf(form)));
    const isSwapped = Boolean(wanted.from && wanted.to && wanted.from > wanted.to);
    setSwapped(isSwapped);
    const path = filtered('/documents', wanted);
    if (!isSwapped && path !== filtered('/documents', filter)) route(path);
  };
  return (
    <search>
      {/* What was chosen elsewhere, by the back button or "show all", is shown here too. */}
      <form
        key={filtered('', filter)}
        class={css.form}
        action="/documents"
        onSubmit={(event) => {
          event.preventDefault();
          ask(event.currentTarget);
        }}
      >
        <div class={css.search}>
          <Field label={tl('documents.search')}>
            {(input) => (
              <input
                {...input}
                type="search"
                name="q"
                defaultValue={filter.q}
                maxLength={SEARCH_MAX_CHARACTERS}
                placeholder={tl('documents.searchHint')}
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
          class={css.filters}
          open={isWide || isOpen}
          onToggle={(event) => setOpen(event.currentTarget.open)}
        >
          <summary class={css.summary}>
            <Icon name="chevron" />
            {tl('documents.filter')}
          </summary>
          <div class={css.fields}>
            <div class={css.kind}>
              <Field label={tl('documents.kind')}>
                {(input) => (
                  <select
                    {...input}
                    name="kind"
                    onChange={(event) => event.currentTarget.form && ask(event.currentTarget.form)}
                  >
                    <option value="">{tl('documents.anyKind')}</option>
                    {kindsShown().map((kind) => (
                      <option key={kind} value={kind} selected={kind === filter.kind}>
                        {t(`documentKind.${kind}`)}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            </div>
            <div class={css.days}>
              <Day name="from" label={tl('documents.from')} day={filter.from} />
              <Day name="to" label={tl('documents.to')} day={filter.to} />
              <Button type="submit">{tl('documents.show')}</Button>
            </div>
          </div>
        </details>
        {filtered('', filter) !== '' && (
          <LinkButton icon="close" href="/documents">
            {tl('documents.clear')}
          </LinkButton>
        )}
        {swapped && (
          <p class={css.error} role="alert">
            {tl('documents.swapped')}
          </p>
        )}
      </form>
    </search>
  );
}

function Day(props: { name: string; label: string; day: string | undefined }) {
  const { name, label, day } = props;
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

/** A link without financials is never shown a paper that names amounts. */
function kindsShown() {
  const isPlain = knownVisit()?.link.scope === 'no_financials';
  const financial: readonly string[] = FINANCIAL_DOCUMENT_KINDS;
  return DOCUMENT_KINDS.filter((kind) => !isPlain || !financial.includes(kind));
}
