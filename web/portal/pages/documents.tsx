import { t } from '../../lib/i18n.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';

const AllDocuments = later(
  () => import('../components/all-documents.tsx').then((module) => module.AllDocuments),
  () => <Skeleton lines={9} />,
);

/** Every document there is for this customer, to look through and to take together. */
export function DocumentsPage() {
  return (
    <Shell visit={knownVisit()} title={t('nav.documents')}>
      <AllDocuments />
    </Shell>
  );
}
