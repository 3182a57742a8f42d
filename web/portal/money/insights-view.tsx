import { INSIGHTS_MAX_YEARS } from '../../../worker/vocabulary.ts';
import { formatDay, formatMoney, formatNumber, formatPercent } from '../../lib/format.ts';
import { currentLocale, t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { useLocation } from '../../lib/router.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { daysOf, isBackwards, withQuery } from '../filters/days.ts';
import type { InsightsPage } from '../types.ts';
import { AroundMoney, AsOf } from './around.tsx';
import { DaysForm } from './days-form.tsx';
import css from './insights-view.module.css';
import { moneyWords } from './words.ts';

/** What was bought, by month and by product: a chart whose bars stand in the table of its figures. */
export function InsightsView() {
  return (
    <AroundMoney>
      <Found />
    </AroundMoney>
  );
}

function Found() {
  const { query } = useLocation();
  const days = daysOf(query);
  const { value, error, reload } = useResource<InsightsPage>(
    isBackwards(days) ? null : withQuery('insights', days),
  );
  const isPeriod = error?.code === 'invalid' && ('from' in error.fields || 'to' in error.fields);
  return (
    <>
      <div class={css.top}>
        <h1>{t('nav.insights')}</h1>
        {value && (
          <p class={css.quiet}>
            {moneyWords('insights.intro', { from: formatDay(value.from), to: formatDay(value.to) })}
          </p>
        )}
        <AsOf asOf={value?.asOf ?? null} />
        <DaysForm page="/insights" days={days} />
      </div>
      {isBackwards(days) ? null : value ? (
        <Insights insights={value} />
      ) : isPeriod ? (
        <ErrorNote
          error={error}
          words={moneyWords('insights.period', { years: INSIGHTS_MAX_YEARS })}
        />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
    </>
  );
}

function Insights({ insights }: { insights: InsightsPage }) {
  const { orders, priced, deliveries, currencies } = insights;
  // All of them is all of them: one that was late is never rounded away.
  const share = deliveries.count > 0 && Math.floor((100 * deliveries.onTime) / deliveries.count);
  return (
    <>
      <Card>
        <div class={css.section}>
          <Facts
            facts={[
              { label: moneyWords('insights.orders'), value: formatNumber(orders) },
              {
                label: moneyWords('insights.priced'),
                value: priced === orders ? null : formatNumber(priced),
              },
              {
                label: moneyWords('insights.onTime'),
                value:
                  share === false
                    ? null
                    : moneyWords('insights.onTimeShare', {
                        some: deliveries.onTime,
                        count: deliveries.count,
                        percent: formatPercent(String(share)),
                      }),
              },
            ]}
          />
          {share !== false && <p class={css.quiet}>{moneyWords('insights.onTimeHint')}</p>}
        </div>
      </Card>
      {currencies.length === 0 && (
        <Empty
          icon="receipt"
          title={moneyWords(orders === 0 ? 'insights.noOrders' : 'insights.none')}
          text={moneyWords(orders === 0 ? 'insights.noOrdersText' : 'insights.noneText')}
        />
      )}
      {currencies.map((one) => (
        <Spending key={one.currency} spending={one} />
      ))}
    </>
  );
}

type Spending = InsightsPage['currencies'][number];
type Month = Spending['months'][number];
type Product = Spending['products'][number];

function Spending({ spending }: { spending: Spending }) {
  const { currency, months, products, others } = spending;
  const money = (amount: string) => formatMoney(amount, currency);
  const [byMonth, byProduct] = [
    moneyWords('insights.byMonthIn', { currency }),
    moneyWords('insights.byProductIn', { currency }),
  ];
  return (
    <>
      <section class={css.section} aria-labelledby={`months-${currency}`}>
        <h2 id={`months-${currency}`}>{byMonth}</h2>
        <Table
          caption={byMonth}
          columns={monthColumns(money, highest(months))}
          rows={months}
          rowKey={({ month }) => month}
        />
      </section>
      {products.length > 0 && (
        <section class={css.section} aria-labelledby={`products-${currency}`}>
          <h2 id={`products-${currency}`}>{byProduct}</h2>
          <Table
            caption={byProduct}
            columns={productColumns(money, highest(products))}
            rows={products}
            rowKey={({ itemCode, description }) => `${itemCode} ${description}`}
          />
          {others.count > 0 && (
            <p class={css.quiet}>
              {moneyWords('insights.others', { count: others.count, amount: money(others.spend) })}
            </p>
          )}
        </section>
      )}
    </>
  );
}

/** For the length of bars alone, where a float will do. */
const highest = (rows: { spend: string }[]) => Math.max(...rows.map(({ spend }) => Number(spend)));

/** How much of the highest it is. What it says stands beside it in figures. */
function Bar({ spend, of }: { spend: string; of: number }) {
  const width = of > 0 ? Math.max(0, (100 * Number(spend)) / of) : 0;
  return (
    <svg class={css.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width={width} height="10" />
    </svg>
  );
}

/** A month (`YYYY-MM`) as a person reads it. */
function monthWords(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return new Intl.DateTimeFormat(currentLocale(), {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.UTC(year ?? 0, (number ?? 1) - 1, 1));
}

function monthColumns(money: (amount: string) => string, most: number): Column<Month>[] {
  return [
    {
      id: 'month',
      label: moneyWords('insights.month'),
      main: true,
      cell: ({ month }) => <span class={css.short}>{monthWords(month)}</span>,
    },
    {
      id: 'bar',
      label: moneyWords('insights.chart'),
      wide: true,
      cell: ({ spend }) => <Bar spend={spend} of={most} />,
    },
    {
      id: 'orders',
      label: moneyWords('insights.orders'),
      numeric: true,
      cell: ({ orders }) => formatNumber(orders),
    },
    {
      id: 'spend',
      label: moneyWords('insights.amount'),
      numeric: true,
      cell: ({ spend }) => money(spend),
    },
  ];
}

function productColumns(money: (amount: string) => string, most: number): Column<Product>[] {
  return [
    {
      id: 'product',
      label: moneyWords('insights.product'),
      main: true,
      cell: ({ description, itemCode }) => description ?? itemCode,
    },
    {
      id: 'code',
      label: moneyWords('insights.code'),
      cell: ({ description, itemCode }) =>
        description && itemCode && <span class={css.short}>{itemCode}</span>,
    },
    {
      id: 'bar',
      label: moneyWords('insights.chart'),
      wide: true,
      cell: ({ spend }) => <Bar spend={spend} of={most} />,
    },
    {
      id: 'quantity',
      label: moneyWords('insights.quantity'),
      numeric: true,
      cell: ({ quantity, unit }) =>
        quantity && [formatNumber(quantity), unit].filter(Boolean).join(' '),
    },
    {
      id: 'orders',
      label: moneyWords('insights.orders'),
      numeric: true,
      cell: ({ orders }) => formatNumber(orders),
    },
    {
      id: 'spend',
      label: moneyWords('insights.amount'),
      numeric: true,
      cell: ({ spend }) => money(spend),
    },
  ];
}
