import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { Home } from '../types.ts';

export const HomeView = later(
  () => import('../components/home-view.tsx').then((module) => module.HomeView),
  () => <Skeleton lines={9} />,
);

/** Who I am here, what is under way, find an order, the newest paper one tap away. */
export function HomePage() {
  const { value: home, error, reload } = useResource<Home>('home');
  return (
    <Shell visit={home} title={home?.customer.name}>
      {!home && <h1 class="unseen">{t('home.title')}</h1>}
      {home ? (
        <HomeView home={home} />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
    </Shell>
  );
}
