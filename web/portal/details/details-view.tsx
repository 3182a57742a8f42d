import { useState } from 'preact/hooks';
import { expire } from '../../lib/resource.ts';
import { Card } from '../../ui/card.tsx';
import { Facts } from '../../ui/facts.tsx';
import { laterWords } from '../later-words.ts';
import type { ChangeRequest, Details } from '../types.ts';
import { ChangeForms } from './change-forms.tsx';
import { ChangeList } from './change-list.tsx';
import css from './details.module.css';
import { Preferences } from './preferences.tsx';

/** The page of a person's own details: all of it is read, and none of it is changed here. */
export function DetailsView({ details }: { details: Details }) {
  const { org, customer, contact, link, deliveryAddresses } = details;
  const [asked, setAsked] = useState<ChangeRequest[]>([]);
  const requests = [
    ...asked,
    ...details.changeRequests.filter(({ id }) => asked.every((one) => one.id !== id)),
  ];
  const add = (request: ChangeRequest) => {
    setAsked((before) => [request, ...before.filter(({ id }) => id !== request.id)]);
    expire('details');
  };
  return (
    <>
      <header class={css.head}>
        <h1>{laterWords('details.title')}</h1>
        <p class={css.quiet}>{laterWords('details.intro', { org: org.name })}</p>
      </header>
      <div class={css.columns}>
        <section class={css.section} aria-labelledby="details-you">
          <h2 id="details-you">{laterWords('details.you')}</h2>
          <Card>
            <Facts
              facts={[
                {
                  label: laterWords('details.name'),
                  value: contact.name ?? laterWords('details.unnamed'),
                },
                {
                  label: laterWords('details.email'),
                  value: <span class={css.words}>{contact.email}</span>,
                  wide: true,
                },
              ]}
            />
          </Card>
        </section>
        <section class={css.section} aria-labelledby="details-company">
          <h2 id="details-company">{laterWords('details.company')}</h2>
          <Card>
            <Facts
              facts={[
                { label: laterWords('details.companyName'), value: customer.name },
                { label: laterWords('details.code'), value: customer.code },
                {
                  label: laterWords('details.addresses'),
                  value: <Addresses addresses={deliveryAddresses} />,
                  wide: true,
                },
              ]}
            />
          </Card>
        </section>
      </div>
      {link.isPreview && <p class={css.quiet}>{laterWords('details.preview')}</p>}
      <Preferences preferences={details.preferences} isPreview={link.isPreview} />
      {!link.isPreview && <ChangeForms org={org.name} onAsked={add} />}
      <ChangeList requests={requests} />
    </>
  );
}

function Addresses({ addresses }: { addresses: readonly string[] }) {
  if (addresses.length === 0)
    return <span class={css.quiet}>{laterWords('details.noAddresses')}</span>;
  return (
    <ul class={css.addresses}>
      {addresses.map((address) => (
        <li key={address} class={css.words} dir="auto">
          {address}
        </li>
      ))}
    </ul>
  );
}
