/** UPS's codes (`statusCode`) and, for those that are not here, its types in our words. */
import { type CodeRow, codeTable } from './codes.ts';

const ROWS: readonly CodeRow[] = [
  { status: 'label_created', codes: '003 157 166 044 045 079 080' },
  { status: 'picked_up', codes: '038 160 167-169' },
  {
    status: 'in_transit',
    codes: '005 010 012 014 025 039 047 057 071 073 074 084 087 092 138 158 159 164 165',
  },
  { status: 'in_transit', substatus: 'available_for_pickup', codes: '017 040 161' },
  { status: 'out_for_delivery', codes: '006 021 037 072 078 089 091 146 162' },
  { status: 'delivered', codes: '011 026' },
  {
    status: 'exception',
    codes: '013 029 030 032 046 048-053 058-062 064 065 069 076 083 086 090 124-126 145',
  },
  { status: 'exception', substatus: 'attempted', codes: '022-024' },
  { status: 'exception', substatus: 'cancelled', codes: '007' },
  { status: 'returned', codes: '033-036 067 081 118 119' },
  { status: 'unknown', codes: 'NA 000 148 163' },
];

// Type I says no more than "not there yet": only its code tells transit from out for delivery.
const TYPE_ROWS: readonly CodeRow[] = [
  { status: 'label_created', codes: 'M P' },
  { status: 'in_transit', codes: 'I' },
  { status: 'out_for_delivery', codes: 'O' },
  { status: 'delivered', codes: 'D' },
  { status: 'exception', codes: 'X' },
  { status: 'exception', substatus: 'cancelled', codes: 'MV' },
  { status: 'returned', codes: 'RS' },
];

export const UPS_CODES = codeTable(ROWS);
export const UPS_TYPES = codeTable(TYPE_ROWS);
