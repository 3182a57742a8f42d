import { useEffect, useState } from 'preact/hooks';
import { t } from '../../lib/i18n.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Visit } from '../types.ts';
import css from './preview-banner.module.css';

const LOOK_AGAIN_MILLISECONDS = 10_000;
const MINUTE_MILLISECONDS = 60_000;

/** Says, above every page of a preview, as whom a member of staff looks, and for how long yet. */
export function PreviewBanner({ visit: { contact, customer, link } }: { visit: Visit }) {
  const left = useLeft(link.expiresAt);
  return (
    <aside class={css.banner} aria-label={t('portal.previewLabel')}>
      <Icon name="eye" />
      <p>
        {t('portal.preview', {
          contact: contact.name ?? contact.email,
          customer: customer.name,
          count: Math.max(1, Math.ceil(left / MINUTE_MILLISECONDS)),
        })}
      </p>
    </aside>
  );
}

/** Milliseconds until a moment; when it has come, the page is loaded again, and says that it is over. */
function useLeft(moment: string): number {
  const until = () => Date.parse(moment) - Date.now();
  const [left, setLeft] = useState(until);
  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(until());
      if (until() <= 0) location.reload();
    }, LOOK_AGAIN_MILLISECONDS);
    return () => clearInterval(timer);
  }, [moment]);
  return left;
}
