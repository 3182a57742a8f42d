import { LETTER_TEMPLATES } from '../../../../worker/vocabulary.ts';
import { useLocation } from '../../../lib/router.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Field } from '../../../ui/field.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { LetterBadge } from '../../components/letter-badge.tsx';
import { isTemplate, templateWords } from '../../components/letter-words.ts';
import { Listing } from '../../components/listing.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { SearchForm } from '../../components/search-form.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { OutboxLetter, OutboxList } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { useTyped } from '../../use-typed.ts';
import { t } from '../../words.ts';

const STATES = ['queued', 'sent', 'delivered', 'failed', 'dead'] as const;

/** Every letter and what became of it: found by whom it is to, by its kind, by how it fares. */
export function Outbox() {
  const { paths, moment } = useOrg();
  const { query, route } = useLocation();
  const q = query.q ?? '';
  const state = STATES.find((each) => each === query.state) ?? '';
  const template = isTemplate(query.template ?? '') ? (query.template ?? '') : '';
  const show = (wanted: { q?: string; state?: string; template?: string }) =>
    route(withQuery(paths.outbox, { q, state, template, ...wanted }), true);
  const typed = useTyped(q, (wanted) => show({ q: wanted }));
  const list = useList<OutboxLetter, OutboxList>(
    (cursor) => withQuery(paths.api('outbox'), { q, state, template, cursor }),
    (answer) => answer.letters,
  );
  return (
    <>
      <PageHead title={t('outbox.title')}>
        <p>{t('outbox.intro')}</p>
      </PageHead>
      <SearchForm typed={typed} label={t('outbox.search')} hint={t('outbox.searchHint')}>
        <Field label={t('outbox.state')}>
          {(input) => (
            <select
              {...input}
              value={state}
              onChange={(event) => show({ state: event.currentTarget.value })}
            >
              <option value="">{t('outbox.all')}</option>
              {STATES.map((each) => (
                <option key={each} value={each}>
                  {t(`outbox.filters.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('outbox.template')}>
          {(input) => (
            <select
              {...input}
              value={template}
              onChange={(event) => show({ template: event.currentTarget.value })}
            >
              <option value="">{t('outbox.all')}</option>
              {LETTER_TEMPLATES.map((each) => (
                <option key={each} value={each}>
                  {templateWords(each)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </SearchForm>
      <Listing list={list} empty={<NoLetters isFiltered={q + state + template !== ''} />}>
        {(rows) => (
          <Table
            caption={t('outbox.title')}
            columns={columnsOf(moment)}
            rows={rows}
            rowKey={(row) => row.id}
            href={(row) => paths.letter(row.id)}
          />
        )}
      </Listing>
    </>
  );
}

function columnsOf(moment: (at: string) => string): Column<OutboxLetter>[] {
  return [
    { id: 'to', label: t('outbox.recipient'), main: true, cell: (row) => row.recipient },
    {
      id: 'state',
      label: t('outbox.state'),
      aside: true,
      cell: (row) => <LetterBadge letter={row} />,
    },
    { id: 'what', label: t('outbox.what'), cell: (row) => templateWords(row.template) },
    {
      id: 'customer',
      label: t('outbox.customer'),
      cell: (row) => row.customer?.name ?? t('outbox.toSupplier'),
    },
    { id: 'when', label: t('outbox.when'), cell: (row) => moment(row.createdAt) },
  ];
}

function NoLetters({ isFiltered }: { isFiltered: boolean }) {
  const { paths } = useOrg();
  const why = isFiltered ? 'noneFit' : 'empty';
  return (
    <Empty
      title={t(`outbox.${why}.title`)}
      text={t(`outbox.${why}.text`)}
      icon={isFiltered ? 'search' : 'mail'}
      action={isFiltered && <LinkButton href={paths.outbox}>{t('outbox.all')}</LinkButton>}
    />
  );
}
