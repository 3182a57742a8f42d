import { Icon } from '../../ui/icon.tsx';
import type { Org } from '../types.ts';
import css from './contact-lines.module.css';

/** How to reach the supplier: to write, to call, and when. */
export function ContactLines({ org }: { org: Org }) {
  return (
    <ul class={css.lines}>
      {org.contactEmail && (
        <li>
          <a href={`mailto:${org.contactEmail}`}>
            <Icon name="mail" />
            {org.contactEmail}
          </a>
        </li>
      )}
      {org.contactPhone && (
        <li>
          <a href={`tel:${org.contactPhone.replace(/[^+\d]/g, '')}`}>
            <Icon name="phone" />
            {org.contactPhone}
          </a>
        </li>
      )}
      {org.contactHours && (
        <li class={css.hours}>
          <Icon name="clock" />
          {org.contactHours}
        </li>
      )}
    </ul>
  );
}
