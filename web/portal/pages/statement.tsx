import { t } from '../../lib/i18n.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';

const StatementView = later(
  () => import('../statement/statement-view.tsx').then((module) => module.StatementView),
  () => <Skeleton lines={9} />,
);

/** A customer's account: what was owed, what moved, what is owed. */
export function StatementPage() {
  return (
    <Shell visit={knownVisit()} title={t('nav.statement')}>
      <StatementView />
    </Shell>
  );
}
