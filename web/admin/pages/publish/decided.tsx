import { formatNumber } from '../../../lib/format.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { PageHead, Section } from '../../components/page-head.tsx';
import { PublishBadge } from '../../components/publish-badge.tsx';
import { useOrg } from '../../org.ts';
import type { Review } from '../../types.ts';
import { t } from '../../words.ts';
import { customerName } from './customer-name.ts';
import { Imports } from './imports.tsx';
import { Outcome } from './outcome.tsx';
import { publishedWords } from './outgoing.ts';
import css from './review.module.css';

/** A publish that is no longer open: what was decided, by whom, and what it held. */
export function Decided({
  review,
  onChanged,
}: {
  review: Review;
  onChanged: () => Promise<unknown>;
}) {
  const { paths, moment } = useOrg();
  const { publish, imports, customers } = review;
  const { status, summary, rejectionReason, decidedBy, decidedAt } = publish;
  return (
    <>
      <PageHead
        title={publish.name}
        beside={<PublishBadge status={status} />}
        back={{ href: paths.publishes, name: t('publishes.title') }}
        actions={
          status === 'rejected' && (
            <LinkButton icon="upload" href={paths.newImport}>
              {t('decided.again')}
            </LinkButton>
          )
        }
      >
        <p>{t('review.madeBy', { name: publish.createdBy, at: moment(publish.createdAt) })}</p>
        {decidedBy && decidedAt && status !== 'staged' && (
          <p>{t(`decided.${status}`, { name: decidedBy, at: moment(decidedAt) })}</p>
        )}
      </PageHead>
      {rejectionReason && (
        <Section id="reason" title={t('decided.reason')}>
          <blockquote class={css.reason}>{rejectionReason}</blockquote>
        </Section>
      )}
      {summary && (
        <Section id="published" title={t('decided.published')}>
          <Card>
            <div class={css.form}>
              <p class={css.out}>{publishedWords(summary)}</p>
              <Facts
                facts={[
                  { label: t('reviewTotals.items'), value: formatNumber(summary.items) },
                  { label: t('reviewCustomer.orders'), value: formatNumber(summary.orders) },
                  { label: t('reviewCustomer.documents'), value: formatNumber(summary.documents) },
                  { label: t('decided.recipients'), value: formatNumber(summary.contacts) },
                  { label: t('decided.changed'), value: formatNumber(summary.changes) },
                  {
                    label: t('reviewTotals.overridden'),
                    value: summary.overrides > 0 ? formatNumber(summary.overrides) : null,
                  },
                ]}
              />
            </div>
          </Card>
        </Section>
      )}
      {(status === 'approved' || status === 'withdrawn') && (
        <Outcome publish={publish} onChanged={onChanged} />
      )}
      {status === 'rejected' && customers.length > 0 && (
        <Section id="held" title={t('decided.held')}>
          <ul class={css.held}>
            {customers.map((customer) => (
              <li key={customer.key}>
                <strong>{customerName(customer)}</strong>{' '}
                <span class={css.soft}>
                  {t('review.orders', { count: customer.orders })},{' '}
                  {t('review.documents', { count: customer.documents })}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {imports.length > 0 && (
        <Section id="imports" title={t('review.imports')}>
          <Imports imports={imports} />
        </Section>
      )}
    </>
  );
}
