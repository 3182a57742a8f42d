import type { Customer } from './model.ts';

const pad = (nth: number, width: number) => String(nth).padStart(width, '0');

export const NORTHGATE: Customer = {
  code: 'NORTH-001',
  name: 'Northgate Fabrication LLC',
  language: 'en',
  address: ['1475 Tower Avenue', 'Superior, WI 54880', 'United States'],
  delivery: ['Receiving, Dock 4', '1475 Tower Avenue', 'Superior, WI 54880', 'United States'],
  taxNumber: 'WI seller’s permit 456-0000117',
  currency: 'USD',
  priceFactor: 1,
  tax: { label: 'Sales tax', rate: 55, sellerNumber: 'Wisconsin seller’s permit 456-0000042' },
  termsDays: 30,
  carriers: ['UPS', 'FedEx', 'USPS'],
  transitDays: [1, 3],
  receivers: ['Russ Lindqvist', 'T. Moreno'],
  contacts: [
    { name: 'Dana Whitfield', email: 'dana.whitfield@northgate-fab.example', language: 'en' },
    { name: 'Accounts Payable', email: 'ap@northgate-fab.example', language: 'en' },
    { name: 'Luis Ortega', email: 'luis.ortega@northgate-fab.example', language: 'es' },
  ],
  purchaseOrder: (nth) => `PO-${45200 + nth * 3}`,
};

export const CALDER: Customer = {
  code: 'CALD-014',
  name: 'Calder & Finch Engineering Ltd',
  language: 'en',
  address: ['Penistone Road Works', '88 Penistone Road', 'Sheffield S6 3AE', 'United Kingdom'],
  delivery: ['Goods In, Gate B', '88 Penistone Road', 'Sheffield S6 3AE', 'United Kingdom'],
  taxNumber: 'GB 000 4471 82',
  currency: 'GBP',
  priceFactor: 0.79,
  tax: { label: 'VAT', rate: 200, sellerNumber: 'VAT reg. no. GB 000 3317 45' },
  termsDays: 30,
  carriers: ['UPS', 'FedEx'],
  transitDays: [3, 6],
  receivers: ['M. Oyelaran', 'Pete Hargreaves'],
  contacts: [
    { name: 'Helen Marsh', email: 'helen.marsh@calderfinch.example', language: 'en' },
    { name: 'Purchase Ledger', email: 'ledger@calderfinch.example', language: 'en' },
  ],
  purchaseOrder: (nth, placed) => `CF/${placed.slice(2, 4)}/${pad(210 + nth, 4)}`,
};

export const LODZKIE: Customer = {
  code: 'LODZ-007',
  name: 'Łódzkie Zakłady Tkackie Sp. z o.o.',
  language: 'pl',
  address: ['ul. Księży Młyn 14', '90-345 Łódź', 'Polska'],
  delivery: ['Magazyn Główny, rampa 2', 'ul. Księży Młyn 14', '90-345 Łódź', 'Polska'],
  taxNumber: 'NIP 000-331-92-08',
  currency: 'PLN',
  priceFactor: 3.95,
  tax: { label: 'VAT', rate: 230, sellerNumber: 'VAT reg. no. PL 000 528 40 17' },
  termsDays: 14,
  carriers: ['UPS', 'FedEx'],
  transitDays: [4, 7],
  receivers: ['Zbigniew Wójcik', 'Grażyna Źrebiec'],
  contacts: [
    { name: 'Agnieszka Żółtowska', email: 'a.zoltowska@lzt.example', language: 'pl' },
    { name: 'Paweł Świątek', email: 'p.swiatek@lzt.example', language: 'pl' },
  ],
  purchaseOrder: (nth, placed) => `ZAM/${placed.slice(0, 4)}/${pad(380 + nth, 4)}`,
};

export const IBANEZ: Customer = {
  code: 'IBER-022',
  name: 'Talleres Ibáñez e Hijos, S.L.',
  language: 'es',
  address: ['Polígono Malpica, calle E, nave 31', '50016 Zaragoza', 'España'],
  delivery: ['Almacén, muelle 1', 'Polígono Malpica, calle E, nave 31', '50016 Zaragoza', 'España'],
  taxNumber: 'NIF B00417736',
  currency: 'EUR',
  priceFactor: 0.92,
  tax: { label: 'IVA', rate: 210, sellerNumber: 'VAT reg. no. ES N0051420K' },
  termsDays: 60,
  carriers: ['FedEx', 'UPS'],
  transitDays: [4, 7],
  receivers: ['Íñigo Peña', 'M.ª José Lahoz'],
  contacts: [{ name: 'Begoña Ibáñez', email: 'begona@talleresibanez.example', language: 'es' }],
  purchaseOrder: (nth, placed) => `PC-${placed.slice(2, 4)}-${pad(1040 + nth, 5)}`,
};

/** Known to the supplier, and nothing else yet: what an empty portal looks like. */
export const HARROW: Customer = {
  code: 'HARR-031',
  name: 'Harrow Point Marine Inc.',
  language: 'en',
  address: ['12 Breakwater Lane', 'Rockland, ME 04841', 'United States'],
  delivery: ['12 Breakwater Lane', 'Rockland, ME 04841', 'United States'],
  taxNumber: 'ME resale no. 0000338',
  currency: 'USD',
  priceFactor: 1,
  tax: { label: 'Sales tax', rate: 55, sellerNumber: 'Maine registration 0000521' },
  termsDays: 30,
  carriers: ['UPS'],
  transitDays: [2, 4],
  receivers: ['Nora Pell'],
  contacts: [{ name: 'Nora Pell', email: 'nora.pell@harrowpoint.example', language: 'en' }],
  purchaseOrder: (nth) => `HP${pad(nth, 5)}`,
};

/** First heard of in the second import. */
export const KESTREL: Customer = {
  code: 'KEST-038',
  name: 'Kestrel Bay Foods Ltd',
  language: 'en',
  address: ['Harbour Industrial Park', 'Kinsale Road, Cork T12 0N4X', 'Ireland'],
  delivery: ['Engineering Stores', 'Harbour Industrial Park', 'Kinsale Road, Cork', 'Ireland'],
  taxNumber: 'IE 0044817K',
  currency: 'EUR',
  priceFactor: 0.92,
  tax: { label: 'VAT', rate: 230, sellerNumber: 'VAT reg. no. IE 0052193F' },
  termsDays: 30,
  carriers: ['UPS'],
  transitDays: [4, 6],
  receivers: ['Aoife Brennan'],
  contacts: [{ name: 'Aoife Brennan', email: 'aoife.brennan@kestrelbay.example', language: 'en' }],
  purchaseOrder: (nth) => `KB-${pad(700 + nth, 5)}`,
};

/** Borealis sells to the same company as Acme does: another org, another code, another file. */
export const CALDER_AT_BOREALIS: Customer = {
  ...CALDER,
  code: 'C-2007',
  tax: { label: 'VAT', rate: 200, sellerNumber: 'VAT reg. no. GB 000 6128 03' },
  transitDays: [1, 3],
  receivers: ['M. Oyelaran'],
  contacts: [{ name: 'Sam Priestley', email: 'sam.priestley@calderfinch.example', language: 'en' }],
  purchaseOrder: (nth) => `CF-T${pad(88 + nth, 4)}`,
};

export const STRATHMORE: Customer = {
  code: 'C-2019',
  name: 'Strathmore Joinery Ltd',
  language: 'en',
  address: ['The Old Sawmill', 'Forfar DD8 2RX', 'United Kingdom'],
  delivery: ['The Old Sawmill', 'Forfar DD8 2RX', 'United Kingdom'],
  taxNumber: 'GB 000 7719 36',
  currency: 'GBP',
  priceFactor: 0.79,
  tax: { label: 'VAT', rate: 200, sellerNumber: 'VAT reg. no. GB 000 6128 03' },
  termsDays: 14,
  carriers: ['UPS'],
  transitDays: [1, 2],
  receivers: ['Isla Geddes'],
  contacts: [{ name: 'Isla Geddes', email: 'isla@strathmorejoinery.example', language: 'en' }],
  purchaseOrder: (nth) => `SJ${pad(30 + nth, 4)}`,
};
