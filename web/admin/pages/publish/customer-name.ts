import type { ReviewCustomer } from '../../types.ts';
import { t } from '../../words.ts';

/** How a customer is called where it may have no name, or no key either. */
export function customerName({ name, key }: Pick<ReviewCustomer, 'name' | 'key'>): string {
  return name ?? (key || t('reviewCustomer.none'));
}
