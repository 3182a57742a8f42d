import { ISSUE_FILTERS } from '../../../../worker/vocabulary.ts';
import { currentLocale } from '../../../lib/i18n.ts';
import { useLocation } from '../../../lib/router.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Field } from '../../../ui/field.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { IssueBadge } from '../../components/issue-badge.tsx';
import { Listing } from '../../components/listing.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { SearchForm } from '../../components/search-form.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { IssueList, IssueRow } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { useTyped } from '../../use-typed.ts';
import { issueKindWords, t } from '../../words.ts';
import { ageWords } from './age.ts';
import css from './issues.module.css';

/** `all` is written out: what is asked for without a word is what is not resolved. */
const STATUSES = [...ISSUE_FILTERS, 'all'] as const;
type Status = (typeof STATUSES)[number];
const ASSIGNEES = ['me', 'none'] as const;
type Assignee = (typeof ASSIGNEES)[number] | '';

const oneOf = <T extends string>(list: readonly T[], text: string | undefined): T | undefined =>
  list.find((each) => each === text);

const statusWords = (status: Status): string =>
  status === 'all' || status === 'unresolved' ? t(`issues.${status}`) : t(`issueStatus.${status}`);

/** What customers report: found by status, by whose it is to answer, by number or name. */
export function Issues() {
  const { paths, moment } = useOrg();
  const { query, route } = useLocation();
  const q = query.q ?? '';
  const customer = query.customer ?? '';
  const status = oneOf(STATUSES, query.status) ?? 'unresolved';
  const assignee = oneOf(ASSIGNEES, query.assignee) ?? '';
  const show = (wanted: { q?: string; status?: Status; assignee?: Assignee }) => {
    const all = { q, status, assignee, customer, ...wanted };
    const said = all.status === 'unresolved' ? null : all.status;
    route(withQuery(paths.issues, { ...all, status: said }), true);
  };
  const typed = useTyped(q, (wanted) => show({ q: wanted }));
  const list = useList<IssueRow, IssueList>(
    (cursor) =>
      withQuery(paths.api('issues'), {
        q,
        status: status === 'all' ? null : status,
        assignee,
        customer,
        cursor,
      }),
    (answer) => answer.issues,
  );
  const isNarrow = q !== '' || assignee !== '' || customer !== '';
  const isFiltered = isNarrow || (status !== 'unresolved' && status !== 'all');
  return (
    <>
      <PageHead title={t('issues.title')}>
        <p>{t('issues.intro')}</p>
        {customer && (
          <p>
            {t('issues.onlyOf')} <a href={paths.issues}>{t('issues.ofAll')}</a>
          </p>
        )}
      </PageHead>
      <SearchForm typed={typed} label={t('issues.search')} hint={t('issues.searchHint')}>
        <Field label={t('issues.status')}>
          {(input) => (
            <select
              {...input}
              value={status}
              onChange={({ currentTarget: { value } }) =>
                show({ status: oneOf(STATUSES, value) ?? 'unresolved' })
              }
            >
              {STATUSES.map((each) => (
                <option key={each} value={each}>
                  {statusWords(each)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('issues.assignee')}>
          {(input) => (
            <select
              {...input}
              value={assignee}
              onChange={({ currentTarget: { value } }) =>
                show({ assignee: oneOf(ASSIGNEES, value) ?? '' })
              }
            >
              <option value="">{t('issues.anyone')}</option>
              <option value="me">{t('issues.mine')}</option>
              <option value="none">{t('issues.unassigned')}</option>
            </select>
          )}
        </Field>
      </SearchForm>
      <Listing list={list} empty={<NoIssues isFiltered={isFiltered} />}>
        {(rows) => (
          <Table
            caption={t('issues.title')}
            columns={columnsOf(moment)}
            rows={rows}
            rowKey={(row) => row.id}
            href={(row) => paths.issue(row.id)}
          />
        )}
      </Listing>
    </>
  );
}

function columnsOf(moment: (at: string) => string): Column<IssueRow>[] {
  const now = Date.now();
  return [
    { id: 'number', label: t('issues.number'), main: true, cell: (row) => row.number },
    {
      id: 'status',
      label: t('issues.status'),
      aside: true,
      cell: (row) => <IssueBadge status={row.status} />,
    },
    { id: 'customer', label: t('issues.customer'), cell: (row) => row.customer.name },
    {
      id: 'order',
      label: t('issues.order'),
      cell: (row) => <span class={css.whole}>{row.orderNumber}</span>,
    },
    { id: 'kind', label: t('issues.kind'), cell: (row) => issueKindWords(row.kind) },
    {
      id: 'assignee',
      label: t('issues.assignee'),
      cell: (row) => row.assignee?.name ?? t('issues.unassigned'),
    },
    {
      id: 'age',
      label: t('issues.age'),
      cell: (row) => (
        <time dateTime={row.createdAt} title={moment(row.createdAt)}>
          {ageWords(row.createdAt, now, currentLocale())}
        </time>
      ),
    },
    {
      id: 'last',
      label: t('issues.lastMessage'),
      cell: ({ lastMessage }) =>
        lastMessage &&
        t(lastMessage.author === 'staff' ? 'issues.fromStaff' : 'issues.fromCustomer', {
          at: ageWords(lastMessage.at, now, currentLocale()),
        }),
    },
  ];
}

function NoIssues({ isFiltered }: { isFiltered: boolean }) {
  const { paths } = useOrg();
  const why = isFiltered ? 'noneFit' : 'empty';
  return (
    <Empty
      title={t(`issues.${why}.title`)}
      text={t(`issues.${why}.text`)}
      icon={isFiltered ? 'search' : 'check'}
      action={
        <LinkButton href={withQuery(paths.issues, { status: 'all' })}>
          {t('issues.showAll')}
        </LinkButton>
      }
    />
  );
}
