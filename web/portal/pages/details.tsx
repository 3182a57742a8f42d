import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { Details } from '../types.ts';

const DetailsView = later(
  () => import('../details/details-view.tsx').then((module) => module.DetailsView),
  () => <Skeleton lines={9} />,
);

/** What is held of the person who looks, what they chose, and what they asked to change. */
export function DetailsPage() {
  const { value: details, error, reload } = useResource<Details>('details');
  return (
    <Shell visit={details} title={t('nav.details')}>
      {details ? (
        <DetailsView details={details} />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
    </Shell>
  );
}
