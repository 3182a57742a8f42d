/** FedEx's scan codes (`eventType`) in our words. */
import { type CodeRow, codeTable } from './codes.ts';

const ROWS: readonly CodeRow[] = [
  { status: 'label_created', codes: 'OC IN OX EP MD' },
  { status: 'picked_up', codes: 'PU PX AP OF' },
  {
    status: 'in_transit',
    codes: 'IT IX AA AC AF AR AX DP EA EO FD LO OW PF PL PM SF TR CC CP AE AO RR RM RC SP',
  },
  { status: 'in_transit', substatus: 'available_for_pickup', codes: 'HL HP' },
  { status: 'out_for_delivery', codes: 'OD ED AD' },
  { status: 'delivered', codes: 'DL' },
  { status: 'exception', codes: 'DE SE DD DY PD CD CH' },
  { status: 'exception', substatus: 'cancelled', codes: 'CA' },
  { status: 'returned', codes: 'RS RT' },
];

export const FEDEX_CODES = codeTable(ROWS);
