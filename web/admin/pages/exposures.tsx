import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ExposureForm } from '../components/exposure-form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { useOrg } from '../org.ts';
import type { Exposure } from '../types.ts';
import { useResource } from '../use-resource.ts';
import { t } from '../words.ts';

/** What a customer without a setting of its own is shown. */
export function Exposures() {
  const { paths } = useOrg();
  const exposure = useResource<Exposure>(paths.api('exposures'));
  return (
    <>
      <PageHead title={t('exposure.title')}>
        <p>{t('exposure.intro')}</p>
        <p>
          {t('exposure.customerList')} <a href={paths.customers}>{t('nav.customers')}</a>
        </p>
      </PageHead>
      {exposure.error && <ErrorNote error={exposure.error} retry={exposure.reload} />}
      {!exposure.value && !exposure.error && <Skeleton lines={12} />}
      {exposure.value && (
        <ExposureForm customer={null} exposure={exposure.value} onSaved={exposure.reload} />
      )}
    </>
  );
}
