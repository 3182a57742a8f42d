/** USPS's codes (`eventCode`) and, for those that are not here, its categories in our words. */
import type { CarrierStatus } from './carrier.ts';
import { type CodeRow, codeTable } from './codes.ts';

const ROWS: readonly CodeRow[] = [
  { status: 'label_created', codes: 'GX MA' },
  { status: 'picked_up', codes: '03' },
  { status: 'in_transit', codes: '10 SF T1 TL A1 07 60' },
  { status: 'out_for_delivery', codes: 'OF 59 DG' },
  { status: 'delivered', codes: '01 DL I0 DN OK' },
  { status: 'exception', substatus: 'attempted', codes: '02 51-57 31' },
  { status: 'returned', codes: '09 17 21-29 04 05 RD RE RT' },
];

export const USPS_CODES = codeTable(ROWS);

/** A category's beginning, in lower case: some go on, as in "Delivery Attempt: Action Needed". */
export const USPS_CATEGORIES: readonly (CarrierStatus & { begins: string })[] = [
  { begins: 'pre-shipment', status: 'label_created', substatus: null },
  { begins: 'label created', status: 'label_created', substatus: null },
  { begins: 'accepted', status: 'picked_up', substatus: null },
  { begins: 'in transit', status: 'in_transit', substatus: null },
  { begins: 'moving through network', status: 'in_transit', substatus: null },
  {
    begins: 'available for pickup',
    status: 'in_transit',
    substatus: 'available_for_pickup',
  },
  { begins: 'out for delivery', status: 'out_for_delivery', substatus: null },
  { begins: 'delivered', status: 'delivered', substatus: null },
  { begins: 'delivery attempt', status: 'exception', substatus: 'attempted' },
  { begins: 'alert', status: 'exception', substatus: null },
];
