import { useState } from 'preact/hooks';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ExposureForm } from '../../components/exposure-form.tsx';
import { HistoryList } from '../../components/history-list.tsx';
import { PageHead, Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { CustomerPage } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { ContactCard, worksStill } from './contact-card.tsx';
import { type Asked, ContactDialogs } from './contact-dialogs.tsx';
import css from './customer.module.css';
import { RevokeAll } from './revoke-all.tsx';

/** One customer: who may look, through which links, and at what. */
export function Customer({ id }: { id: string }) {
  const { paths } = useOrg();
  const page = useResource<CustomerPage>(paths.api(`customers/${encodeURIComponent(id)}`));
  const [asked, setAsked] = useState<Asked | null>(null);
  const back = { href: paths.customers, name: t('nav.customers') };
  if (page.value === undefined) {
    return (
      <>
        <PageHead title={t('customers.name')} back={back} />
        {page.error ? (
          <ErrorNote error={page.error} retry={page.reload} />
        ) : (
          <Skeleton lines={10} />
        )}
      </>
    );
  }
  const { customer, contacts, exposure } = page.value;
  const hasLinks = contacts.some(({ links }) => links.some(worksStill));
  return (
    <>
      <PageHead
        title={customer.name}
        back={back}
        actions={
          <>
            <LinkButton icon="note" href={paths.issuesOf(customer.id)}>
              {t('customer.issues')}
            </LinkButton>
            <LinkButton icon="pen" href={paths.changesOf(customer.id)}>
              {t('customer.changes')}
            </LinkButton>
            <LinkButton icon="truck" href={paths.shipmentsOf(customer.id)}>
              {t('customer.shipments')}
            </LinkButton>
            <LinkButton icon="eye" href={paths.auditOf(customer.id)}>
              {t('customer.audit')}
            </LinkButton>
          </>
        }
      >
        <p>{t('customer.code', { code: customer.code })}</p>
      </PageHead>
      {page.error && <ErrorNote error={page.error} retry={page.reload} />}
      <Section
        id="people"
        title={t('customer.people')}
        actions={hasLinks && <RevokeAll customer={customer} onChanged={page.reload} />}
      >
        {contacts.length === 0 ? (
          <Empty
            title={t('customer.peopleEmptyTitle')}
            text={t('customer.peopleEmptyText')}
            icon="mail"
          />
        ) : (
          <ul class={css.contacts}>
            {contacts.map((contact) => (
              <li key={contact.id}>
                <ContactCard
                  contact={contact}
                  customerId={customer.id}
                  onAsk={setAsked}
                  onChanged={page.reload}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section id="exposure" title={t('customer.exposure')}>
        <ExposureForm
          customer={{ key: customer.codeKey, exposure }}
          exposure={exposure}
          onSaved={page.reload}
        />
      </Section>
      <HistoryList of={{ customer: customer.id }} />
      <ContactDialogs
        asked={asked}
        customerId={customer.id}
        onClose={() => setAsked(null)}
        onChanged={page.reload}
      />
    </>
  );
}
