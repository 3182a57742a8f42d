/** What stands behind a customer of a review: their own setting, the default, and what there is to see. */
import { useEffect, useState } from 'preact/hooks';
import { type ApiError, get } from '../../../lib/api.ts';
import type { Paths } from '../../imports.ts';
import { useOrg, withQuery } from '../../org.ts';
import type {
  CustomerExposure,
  CustomerList,
  CustomerPage,
  Exposure,
  Review,
  ReviewCustomer,
} from '../../types.ts';
import { asApiError } from '../../use-resource.ts';
import { type Holdings, holdingsOf, isSame } from './holdings.ts';

export type Standing = {
  customer: { key: string; exposure: CustomerExposure };
  byDefault: Exposure;
  holdings: Holdings;
  /** How many items the holdings were read from, where that is not all of them. */
  readOnly: number | null;
};

const PAGES_READ = 10;

/** Reads it for a customer; null reads nothing. */
export function useCustomerExposure(publishId: string, customer: ReviewCustomer | null) {
  const { paths } = useOrg();
  const [standing, setStanding] = useState<Standing | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    setStanding(null);
    setError(null);
    if (customer === null) return;
    let isOver = false;
    const read = async () => {
      try {
        const [byDefault, own, held] = await Promise.all([
          get<Exposure>(paths.api('exposures')),
          customer.isFirst ? null : readOwn(paths, customer.key),
          readHoldings(paths, publishId, customer.key),
        ]);
        if (isOver) return;
        const { kinds, fields } = customer;
        const exposure = own ?? {
          kinds,
          fields,
          own: !isSame(customer, byDefault),
          // Nothing is in force for one who has not been approved before.
          grantedKinds: [],
          grantedFields: [],
        };
        setStanding({ customer: { key: customer.key, exposure }, byDefault, ...held });
      } catch (thrown) {
        if (!isOver) setError(asApiError(thrown));
      }
    };
    void read();
    return () => {
      isOver = true;
    };
  }, [publishId, customer]);
  return { standing, error };
}

/** The setting of a customer who is live, found by their key; null where there is none such. */
async function readOwn(paths: Paths, key: string): Promise<CustomerExposure | null> {
  const { customers } = await get<CustomerList>(withQuery(paths.api('customers'), { key }));
  const [found] = customers;
  if (found === undefined) return null;
  const page = await get<CustomerPage>(paths.api(`customers/${encodeURIComponent(found.id)}`));
  return page.exposure;
}

async function readHoldings(paths: Paths, publishId: string, customer: string) {
  const base = paths.api(`publishes/${encodeURIComponent(publishId)}/review`);
  const items: Review['items'] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_READ && (page === 0 || cursor !== null); page++) {
    const next: Review = await get<Review>(withQuery(base, { customer, cursor }));
    items.push(...next.items);
    cursor = next.nextCursor;
  }
  return { holdings: holdingsOf(items), readOnly: cursor === null ? null : items.length };
}
