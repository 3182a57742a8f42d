import { useState } from 'preact/hooks';
import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { NotificationsPage as Page } from '../types.ts';

const NotificationsView = later(
  () =>
    import('../notifications/notifications-view.tsx').then((module) => module.NotificationsView),
  () => <Skeleton lines={9} />,
);

/** What happened, newest first. Whoever sees it has read it, and the bell says so. */
export function NotificationsPage() {
  const page = useResource<Page>('notifications');
  const [, render] = useState(0);
  return (
    <Shell visit={page.value} title={t('nav.notifications')}>
      <NotificationsView {...page} onRead={() => render((count) => count + 1)} />
    </Shell>
  );
}
