import { useEffect } from 'preact/hooks';
import { send } from '../../lib/api.ts';
import { formatDate } from '../../lib/format.ts';
import { expire, type Resource } from '../../lib/resource.ts';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { laterWords } from '../later-words.ts';
import { usePages } from '../paged-list.ts';
import type { Notification, NotificationsPage } from '../types.ts';
import { setUnread } from '../unread.ts';
import { NotificationItem } from './notification-item.tsx';
import css from './notifications.module.css';

const PATH = 'notifications';
const pageOf = ({ notifications, nextCursor }: NotificationsPage) => ({
  rows: notifications,
  nextCursor,
});

/** What happened, day by day. */
export function NotificationsView({
  value,
  error,
  reload,
  onRead,
}: Resource<NotificationsPage> & { onRead: () => void }) {
  const list = usePages(PATH, value, pageOf);
  useEffect(() => {
    if (value) void markRead(value, onRead);
  }, [value]);
  return (
    <>
      <h1>{laterWords('notifications.title')}</h1>
      {value && list.rows ? (
        <Days rows={list.rows} org={value.org.name} />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
      {list.moreError && <ErrorNote error={list.moreError} />}
      <Pager more={list.more} busy={list.loadingMore} added={list.added} onMore={list.loadMore} />
    </>
  );
}

/** All up to the newest that is shown is read. A member who looks as them reads nothing for them. */
async function markRead(page: NotificationsPage, onRead: () => void): Promise<void> {
  const [newest] = page.notifications;
  if (!newest?.isUnread || page.link.isPreview) return;
  try {
    await send('POST', 'notifications/read', { until: newest.createdAt });
  } catch {
    return; // They stay new, and are read by the next look.
  }
  setUnread(0);
  expire(PATH);
  onRead();
}

function Days({ rows, org }: { rows: Notification[]; org: string }) {
  if (rows.length === 0) {
    return (
      <Empty
        icon="bell"
        title={laterWords('notifications.none')}
        text={laterWords('notifications.noneText', { org })}
      />
    );
  }
  const days = [...new Set(rows.map(({ createdAt }) => formatDate(createdAt)))];
  return days.map((day) => (
    <section key={day} class={css.day}>
      <h2>{day}</h2>
      <ul class={css.list}>
        {rows
          .filter(({ createdAt }) => formatDate(createdAt) === day)
          .map((notification) => (
            <NotificationItem key={notification.id} {...notification} org={org} />
          ))}
      </ul>
    </section>
  ));
}
