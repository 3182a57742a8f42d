import { useMemo, useState } from 'preact/hooks';
import type { ExportMapping } from '../../../../worker/exports/preview.ts';
import { ExportsView } from '../../../exports/exports-view.tsx';
import { exportWords } from '../../../exports/words.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import { useResource } from '../../use-resource.ts';
import { CustomerChoice } from '../audit/customer-choice.tsx';

/** The supplier's invoices for its own books: of all customers, or of one. */
export function Exports() {
  const { paths } = useOrg();
  const { value, error, reload } = useResource<{ mappings: ExportMapping[] }>(paths.api('exports'));
  const [customer, setCustomer] = useState<{ id: string; name: string } | null>(null);
  const more = useMemo(
    (): Record<string, string> => (customer ? { customer: customer.id } : {}),
    [customer],
  );
  return (
    <>
      <PageHead title={exportWords('title')}>
        <p>{exportWords('introSales')}</p>
      </PageHead>
      {value ? (
        <ExportsView
          side="sales"
          api={paths.api}
          mappings={value.mappings}
          more={more}
          fields={
            customer ? (
              <Button icon="close" onClick={() => setCustomer(null)}>
                {exportWords('oneCustomer', { name: customer.name })}
              </Button>
            ) : (
              <CustomerChoice onChoose={(id, name) => setCustomer({ id, name })} />
            )
          }
        />
      ) : error ? (
        <ErrorNote error={error} retry={() => void reload()} />
      ) : (
        <Skeleton lines={9} />
      )}
    </>
  );
}
