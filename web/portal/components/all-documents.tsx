import { formatDate, formatDay } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useViewLinks } from '../beside.ts';
import {
  type DocumentFilter,
  type DocumentsFound,
  filtered,
  filterOf,
  useDocuments,
} from '../documents-list.ts';
import { isBackwards } from '../filters/days.ts';
import { laterWords } from '../later-words.ts';
import lines from '../lines/list.module.css';
import { orderColumn } from '../lines/order-column.tsx';
import type { DocumentRow } from '../types.ts';
import { useZip, ZipButton, ZipError } from '../zip.tsx';
import css from './all-documents.module.css';
import { Beside } from './beside.tsx';
import { ChooseAll, ChooseBox, ChosenTools, useChosen } from './chosen.tsx';
import { DocumentFilters } from './document-filters.tsx';
import { DownloadLink, fileWords, KIND_ICONS, servedWords } from './documents.tsx';
import { knownVisit } from './shell.tsx';

/** All documents, or those that are looked for; one beside the list, or some or all in a ZIP. */
export function AllDocuments() {
  const { query } = useLocation();
  const filter = filterOf(query);
  const list = useDocuments(filter);
  const zip = useZip(filtered('documents.zip', filter));
  const isFiltered = filtered('', filter) !== '';
  const isOpen = isFiltered || !list.rows || list.rows.length > 0;
  return (
    <>
      <div class={lines.top}>
        <div class={css.head}>
          <h1>{laterWords('documents.title')}</h1>
          <div class={css.tools}>
            {knownVisit()?.link.scope !== 'no_financials' && (
              <LinkButton href="/exports">{laterWords('documents.exports')}</LinkButton>
            )}
            {list.rows && list.rows.length > 1 && <ZipButton zip={zip}>{t('zip.list')}</ZipButton>}
          </div>
        </div>
        {isOpen && <DocumentFilters filter={filter} />}
      </div>
      <ZipError zip={zip} />
      <p class={css.found} role="status">
        {isFiltered && foundWords(list)}
      </p>
      {!isBackwards(filter) && <List list={list} filter={filter} />}
      <Beside documents={list.rows ?? []} />
    </>
  );
}

function foundWords({ rows, more }: DocumentsFound): string {
  if (!rows || rows.length === 0) return '';
  const words = { count: rows.length };
  return more ? laterWords('documents.foundMore', words) : laterWords('documents.found', words);
}

function List({ list, filter }: { list: DocumentsFound; filter: DocumentFilter }) {
  const viewLink = useViewLinks();
  const chosen = useChosen(list.rows ?? []);
  if (list.error) return <ErrorNote error={list.error} retry={list.reload} />;
  if (!list.rows) return <Skeleton lines={9} />;
  if (list.rows.length === 0) return <Nothing filter={filter} />;
  return (
    <div class={lines.list}>
      {list.rows.length > 1 && <ChooseAll list={chosen} />}
      <Table
        caption={laterWords('documents.title')}
        columns={list.rows.length > 1 ? [chooseColumn(chosen), ...columns()] : columns()}
        rows={list.rows}
        rowKey={({ id }) => id}
        href={viewLink}
      />
      <ChosenTools list={chosen} />
      {list.moreError && <ErrorNote error={list.moreError} />}
      <Pager more={list.more} busy={list.loadingMore} added={list.added} onMore={list.loadMore} />
    </div>
  );
}

function Nothing({ filter }: { filter: DocumentFilter }) {
  const org = knownVisit()?.org.name;
  if (filtered('', filter) === '') {
    return (
      <Empty title={t('home.emptyTitle')} text={org ? t('home.noDocuments', { org }) : undefined} />
    );
  }
  return (
    <Empty
      icon="search"
      title={laterWords('documents.noneFound')}
      text={
        filter.q
          ? laterWords('documents.noneFoundFor', { q: filter.q })
          : laterWords('documents.noneFoundText')
      }
      action={<LinkButton href="/documents">{laterWords('documents.showAll')}</LinkButton>}
    />
  );
}

function chooseColumn(list: ReturnType<typeof useChosen>): Column<DocumentRow> {
  return {
    id: 'choose',
    label: laterWords('documents.select'),
    lead: true,
    screenOnly: true,
    cell: (document) => <ChooseBox document={document} list={list} />,
  };
}

function columns(): Column<DocumentRow>[] {
  return [
    {
      id: 'document',
      label: laterWords('documents.document'),
      main: true,
      cell: ({ kind, number }) => (
        <span class={lines.name}>
          <span class={lines.kind}>
            <Icon name={KIND_ICONS[kind]} />
            {t(`documentKind.${kind}`)}
          </span>{' '}
          <span class={lines.number}>{number}</span>
        </span>
      ),
    },
    {
      id: 'date',
      label: laterWords('documents.date'),
      cell: ({ datedOn, shownAt }) => (
        <span class={lines.short}>{datedOn ? formatDay(datedOn) : formatDate(shownAt)}</span>
      ),
    },
    orderColumn(laterWords('documents.order')),
    {
      id: 'file',
      label: laterWords('documents.file'),
      minor: true,
      cell: (document) => <span class={lines.short}>{fileWords(document)}</span>,
    },
    {
      id: 'note',
      label: laterWords('documents.note'),
      wide: true,
      cell: (document) => {
        const words = servedWords(document);
        return words && <span class={css.note}>{words}</span>;
      },
    },
    {
      id: 'download',
      label: t('document.download'),
      aside: true,
      screenOnly: true,
      numeric: true,
      cell: (document) => (
        <span class={lines.above}>
          <DownloadLink document={document} inTable />
        </span>
      ),
    },
  ];
}
