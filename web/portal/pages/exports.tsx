import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { ExportsPage as Exports } from '../types.ts';

const ExportsBody = later(
  () => import('../exports/exports-body.tsx').then((module) => module.ExportsBody),
  () => <Skeleton lines={9} />,
);

/** Invoices for the customer's own books, and a month's papers in one file. */
export function ExportsPage() {
  const { value: exports, error, reload } = useResource<Exports>('exports');
  return (
    <Shell visit={exports} title={t('nav.exports')}>
      {exports ? (
        <ExportsBody exports={exports} />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
    </Shell>
  );
}
