import { Badge } from '../../../ui/badge.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { Trace } from '../../types.ts';
import { kindWords, t } from '../../words.ts';
import css from './trace.module.css';

type How = 'viewed' | 'downloaded' | 'zip';

function howOf({ action, inZip }: Trace): How {
  if (inZip) return 'zip';
  return action === 'document.viewed' ? 'viewed' : 'downloaded';
}

/** Whose copy it is, first in a sentence, then in full, then what can be done about it. */
export function TraceResult({ trace }: { trace: Trace }) {
  const { paths, moment } = useOrg();
  const { customer, contact, document, link } = trace;
  const how = howOf(trace);
  const who = contact.name ?? contact.email;
  const member = link.purpose === 'preview' ? (link.previewedBy ?? t('actors.staff')) : null;
  return (
    <Card>
      <article class={css.result}>
        <header>
          <h2>
            {member === null
              ? t(`traceDid.${how}`, { name: who })
              : t(`traceDidPreview.${how}`, { member, name: who })}
          </h2>
          <p>
            {moment(trace.at)}{' '}
            <span class={css.soft}>({t('trace.onCopy', { at: onPaper(trace.at) })})</span>
          </p>
        </header>
        <Facts
          facts={[
            { label: t('trace.staff'), value: member, wide: true },
            {
              label: t(member === null ? 'trace.who' : 'trace.seenAs'),
              value: contact.name ? `${contact.name}\n${contact.email}` : contact.email,
              wide: true,
            },
            {
              label: t('trace.customer'),
              value: (
                <>
                  <a href={paths.customer(customer.id)}>{customer.name}</a>{' '}
                  <span class={css.soft}>{customer.code}</span>
                </>
              ),
            },
            {
              label: t('trace.document'),
              wide: true,
              value: (
                <>
                  {kindWords(document.kind)} {document.number}{' '}
                  <span class={css.live}>
                    {document.live ? (
                      <Badge tone="news" icon="eye">
                        {t('trace.live')}
                      </Badge>
                    ) : (
                      <Badge icon="cross">{t('trace.notLive')}</Badge>
                    )}
                  </span>
                </>
              ),
            },
            { label: t('trace.order'), value: document.orderNumber },
            { label: t('trace.how'), value: t(`traceHow.${how}`) },
            { label: t('trace.link'), value: <Through link={link} />, wide: true },
          ]}
        />
        <div class={css.next}>
          <p>{t(member === null ? 'trace.caution' : 'trace.previewCaution')}</p>
          {link.revokedAt === null && member === null && <p>{t('trace.next')}</p>}
        </div>
        <div class={css.actions}>
          <LinkButton icon="arrowNext" href={paths.customer(customer.id)}>
            {t('trace.toCustomer', { name: customer.name })}
          </LinkButton>
          <LinkButton
            icon="eye"
            href={withQuery(paths.audit, {
              customer: customer.id,
              action: member === null ? trace.action : 'portal.previewed',
            })}
          >
            {t('trace.toAudit')}
          </LinkButton>
        </div>
        <details class={css.record}>
          <summary>{t('trace.record')}</summary>
          <dl>
            <Record name={t('trace.reference')} value={trace.reference} />
            <Record name={t('trace.when')} value={trace.at} />
            <Record name={t('trace.fingerprint')} value={trace.sha256} />
            <Record name={t('trace.request')} value={trace.requestId} />
          </dl>
        </details>
      </article>
    </Card>
  );
}

/** An instant as the stamp says it. */
const onPaper = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

function Through({ link }: { link: Trace['link'] }) {
  const { date } = useOrg();
  const { purpose, last4, label, createdAt, revokedAt } = link;
  return (
    <>
      {t(`linkPurposes.${purpose}`)} <span class={css.last4}>…{last4}</span>
      {label && <>, {label}</>}
      <span class={css.soft}>, {t('trace.linkOf', { at: date(createdAt) })}</span>
      {revokedAt !== null && (
        <span class={css.live}>
          <Badge icon="cross">{t('trace.linkRevoked', { at: date(revokedAt) })}</Badge>
        </span>
      )}
    </>
  );
}

function Record({ name, value }: { name: string; value: string | null }) {
  if (value === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
