/** What a customer came to know, at a glance: what is new, what is under way, what is owed. */
import { formatDate, formatDay, formatMoney, formatNumber } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { LinkButton } from '../../ui/button.tsx';
import { ShipmentBadge, StatusBadge } from '../../ui/status-badge.tsx';
import { nameOf, useViewLinks } from '../beside.ts';
import { dayHere } from '../day-here.ts';
import { withWanted } from '../orders-list.ts';
import type { Home } from '../types.ts';
import css from './overview.module.css';

/** The two things that most come for, one press away. */
export function QuickActions({ home: { latestInvoice, counts } }: { home: Home }) {
  const viewLink = useViewLinks();
  if (!latestInvoice && counts.active === 0) return null;
  return (
    <div class={css.actions}>
      {latestInvoice && (
        <LinkButton
          icon="receipt"
          kind="primary"
          {...viewLink(latestInvoice)}
          aria-label={t('home.latestInvoiceNamed', { name: nameOf(latestInvoice) })}
        >
          {t('home.latestInvoice')}
        </LinkButton>
      )}
      {counts.active > 0 && (
        <LinkButton
          icon="truck"
          href={withWanted('/orders', { status: 'active', sort: 'delivery' })}
        >
          {t('home.track')}
        </LinkButton>
      )}
    </div>
  );
}

/** Orders, where there are any, and money as figures; each leads to what it counts. */
export function Figures({ home }: { home: Home }) {
  const { counts, balances, lastPayment, asOf } = home;
  const figures = [
    { label: t('home.active'), count: counts.active, status: 'active' },
    { label: t('orders.shipped'), count: counts.shipped, status: 'shipped' },
    { label: t('orders.delivered'), count: counts.delivered, status: 'delivered' },
  ] as const;
  return (
    <>
      <ul class={css.figures} aria-label={t('home.figures')}>
        {counts.all > 0 &&
          figures.map(({ label, count, status }) => (
            <Figure
              key={status}
              href={withWanted('/orders', { status })}
              amount={formatNumber(count)}
              label={label}
            />
          ))}
        {balances.flatMap((balance) => moneyFigures(balance))}
        {lastPayment && (
          <Figure
            href="/payments"
            amount={formatMoney(lastPayment.amount, lastPayment.currency)}
            label={t('home.lastPayment', { date: formatDay(lastPayment.paidOn) })}
          />
        )}
      </ul>
      {asOf && (balances.length > 0 || lastPayment) && (
        <p class={css.asOf}>
          {t('home.asOf', { date: formatDate(asOf) })} <a href="/statement">{t('nav.statement')}</a>
        </p>
      )}
    </>
  );
}

type FigureProps = { href: string; amount: string; label: string; isBad?: boolean };

function Figure({ href, amount, label, isBad = false }: FigureProps) {
  return (
    <li>
      <a class={css.figure} href={href}>
        <span class={css.amount}>{amount}</span>{' '}
        <span class={isBad ? css.overdue : undefined}>{label}</span>
      </a>
    </li>
  );
}

/** What is owed in a currency, what of it is late, and what is open the other way. */
function moneyFigures({ currency, outstanding, overdue, credit }: Home['balances'][number]) {
  const money = (amount: string) => formatMoney(amount, currency);
  return [
    <Figure
      key={currency}
      href="/invoices?status=unpaid"
      amount={money(outstanding)}
      label={outstanding.startsWith('-') ? t('home.inCredit') : t('home.outstanding')}
    />,
    Number(overdue) > 0 && (
      <Figure
        key={`${currency}-overdue`}
        href="/invoices?status=overdue"
        amount={money(overdue)}
        label={t('home.overdue')}
        isBad
      />
    ),
    Number(credit) > 0 && (
      <Figure
        key={`${currency}-credit`}
        href="/statement"
        amount={money(credit)}
        label={t('home.credit')}
      />
    ),
  ];
}

/** What happened since this person was last here; nothing the first time. */
export function News({ home: { news, link } }: { home: Home }) {
  if (link.newSince === null) return null;
  const isQuiet = news.documents === 0 && news.orders.length === 0;
  return (
    <section class={css.section} aria-labelledby="news">
      <h2 id="news">{t('home.news', { date: formatDate(link.newSince) })}</h2>
      {isQuiet && <p class={css.quiet}>{t('home.noNews')}</p>}
      {!isQuiet && (
        <ul class={css.lines}>
          {news.documents > 0 && (
            <li>
              <a class={css.line} href="/documents">
                <span class={css.title}>{t('home.newDocuments', { count: news.documents })}</span>
              </a>
            </li>
          )}
          {news.orders.map(({ id, number, status, statusAt }) => (
            <li key={id}>
              <a class={css.line} href={`/orders/${id}`}>
                <span class={css.title}>{t('order.title', { number })}</span>
                <span class={css.aside}>
                  {status && <StatusBadge status={status} />}
                  <span class={css.day}>{formatDate(statusAt)}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The parcels that are expected next. */
export function UnderWay({ home: { shipments, underWay, counts } }: { home: Home }) {
  if (shipments.length === 0) return null;
  return (
    <section class={css.section} aria-labelledby="under-way">
      <div class={css.head}>
        <h2 id="under-way">{t('home.shipments')}</h2>
        {underWay > shipments.length && counts.shipped > 0 && (
          <a href={withWanted('/orders', { status: 'shipped', sort: 'delivery' })}>
            {t('home.allShipments')}
          </a>
        )}
      </div>
      <ul class={css.lines}>
        {shipments.map(({ id, orderId, orderNumber, carrier, trackingNumber, ...shipment }) => (
          <li key={id}>
            <a class={css.line} href={`/orders/${orderId}`}>
              <span>
                <span class={css.title}>{t('order.title', { number: orderNumber })}</span>
                {(carrier || trackingNumber) && (
                  <span class={css.parcel}>
                    {[carrier, trackingNumber].filter(Boolean).join(' ')}
                  </span>
                )}
              </span>
              <span class={css.aside}>
                <ShipmentBadge status={shipment.status} />
                <span class={css.day}>{expectedWords(shipment)}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** When a parcel comes; an estimate that has passed says nothing more. */
function expectedWords({
  estimatedDelivery: day,
  isEstimate,
}: Pick<Home['shipments'][number], 'estimatedDelivery' | 'isEstimate'>) {
  if (day === null) return null;
  const isPast = day < dayHere();
  if (isEstimate) return !isPast && t('home.usually', { date: formatDay(day) });
  return t(isPast ? 'home.wasExpected' : 'home.expected', { date: formatDay(day) });
}
