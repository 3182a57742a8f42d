import { ACME_ITEMS, BOREALIS_ITEMS } from './catalogue.ts';
import { ACME_MARK, BOREALIS_MARK } from './logo.ts';
import type { Supplier } from './model.ts';

/** US Letter and ISO A4, in points. */
const LETTER = [612, 792] as const;
const A4 = [595.28, 841.89] as const;

export const ACME: Supplier = {
  slug: 'acme',
  code: 'ACME01',
  name: 'Acme Manufacturing',
  legalName: 'Acme Manufacturing, Inc.',
  tagline: 'Power transmission, seals and shop supplies since 1961',
  timeZone: 'America/Chicago',
  colour: '#1b4f8f',
  mark: ACME_MARK,
  address: ['2180 West Foundry Street', 'Milwaukee, WI 53204', 'United States'],
  contactEmail: 'service@acme.example',
  contactPhone: '+1 414 555 0137',
  hours: 'Monday to Friday, 7:30 to 17:00 Central Time',
  registration:
    'Acme Manufacturing, Inc. is registered in Wisconsin, entity no. A031774. Federal tax ID 39-0551827.',
  paper: LETTER,
  bank: {
    USD: ['Lakefront Commercial Bank, Milwaukee', 'ABA 000 120 455', 'Account 4410 028 617'],
    EUR: ['Banco del Ebro, Zaragoza', 'IBAN ES00 0214 0917 4400 2861 7003', 'BIC BDEBESXXXXX'],
    GBP: ['Peak & Don Bank, Sheffield', 'Sort code 00-41-27', 'Account 4402 8617'],
    PLN: [
      'Bank Przędzalniczy S.A., Łódź',
      'IBAN PL00 1140 0917 0000 4402 8617 0001',
      'BIC BPRZPLXX',
    ],
  },
  items: ACME_ITEMS,
};

export const BOREALIS: Supplier = {
  slug: 'borealis',
  code: 'BOREA7',
  name: 'Borealis Tools',
  legalName: 'Borealis Tools Ltd',
  tagline: 'Cutting, measuring and holding',
  timeZone: 'Europe/London',
  colour: '#0b6b5c',
  mark: BOREALIS_MARK,
  address: ['Unit 9, Findon Shore Estate', 'Aberdeen AB12 3RL', 'United Kingdom'],
  contactEmail: 'orders@borealis.example',
  contactPhone: '+44 1632 960184',
  hours: 'Monday to Thursday, 8:00 to 16:30; Friday to 15:00',
  registration: 'Borealis Tools Ltd is registered in Scotland, company no. SC004417.',
  paper: A4,
  bank: { GBP: ['Granite City Bank, Aberdeen', 'Sort code 00-62-18', 'Account 7715 0043'] },
  items: BOREALIS_ITEMS,
};
