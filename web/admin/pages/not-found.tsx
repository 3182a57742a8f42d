import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { useOrg } from '../org.ts';
import { t } from '../words.ts';

export function NotFound() {
  const { paths } = useOrg();
  return (
    <>
      <PageHead title={t('app.notFound.title')} />
      <Empty
        title={t('app.notFound.text')}
        icon="search"
        action={<LinkButton href={paths.publishes}>{t('app.home')}</LinkButton>}
      />
    </>
  );
}
