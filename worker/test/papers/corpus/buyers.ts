/** Who buys from the supplier of the corpus, and under which names: as their papers have them. */

export type Language = 'pl' | 'es' | 'de' | 'en';

export type Buyer = {
  code: string;
  name: string;
  taxId?: string;
  country: string;
  language: Language;
  street: string;
  city: string;
  contact: string;
  /** How the supplier's offices number papers for this buyer: see trade.ts. */
  series: 'lodz' | 'hamburg' | 'bristol' | 'sevilla';
  /** What a short mention calls them, on a delivery for instance. */
  short: string;
};

/** The supplier as its papers have it; the org's own name is only its beginning. */
export const SUPPLIER = {
  name: 'Nordwerk Befestigung',
  letterhead: [
    'Nordwerk Befestigungstechnik GmbH',
    'Am Sandtorkai 48 · 20457 Hamburg',
    'Tel. +49 40 3344 5566-0 · Fax +49 40 3344 5566-99 · www.nordwerk.example',
  ],
  bank: [
    'Nordwerk Befestigungstechnik GmbH · Amtsgericht Hamburg HRB 104711 · USt-IdNr. DE 298 114 720',
    'Hanseatische Bank AG · IBAN DE89 3704 0044 0532 0130 00 · BIC COBADEFFXXX · Kto 532013000',
  ],
} as const;

/** People and goods that share a name with a customer, or nearly. */
export const STAFF: Record<Language, readonly string[]> = {
  pl: ['Marian Nowak', 'Jan Nowakowski', 'Jan Nowak'],
  es: ['Lucía Granada', 'Pilar Ibáñez'],
  de: ['Johanna Schmidt', 'Dieter Müller', 'Anna Schmidtke'],
  en: ['Peter Smith', 'Daisy Granger'],
};

export const CARRIERS = [
  'TransBaltic Spedition',
  'DHL Freight',
  'Kurier Express Polska',
  'SEUR',
] as const;

export const WAREHOUSES: Record<Language, string> = {
  pl: 'Magazyn Łódź Wschód, rampa 4',
  es: 'Almacén Granada, muelle 12',
  de: 'Lager Hamburg-Billbrook, Tor 7',
  en: 'Bristol depot, bay 3',
};

export const BUYERS: readonly Buyer[] = [
  {
    code: 'LODZ-007',
    name: 'Łódzkie Zakłady Tkackie Sp. z o.o.',
    short: 'Łódzkie Zakłady Tkackie',
    taxId: 'PL 7271892334',
    country: 'PL',
    language: 'pl',
    street: 'ul. Piotrkowska 114',
    city: '90-006 Łódź',
    contact: 'Krystyna Wrońska',
    series: 'lodz',
  },
  {
    // A carrier that also buys.
    code: 'PL-3301',
    name: 'Kurier Express Polska Spółka z o.o. sp. k.',
    short: 'Kurier Express',
    taxId: 'PL5213876612',
    country: 'PL',
    language: 'pl',
    street: 'ul. Łopuszańska 32',
    city: '02-220 Warszawa',
    contact: 'Tomasz Żak',
    series: 'lodz',
  },
  {
    // A sole trader, with a name that many people have.
    code: 'PL-3302',
    name: 'Jan Nowak',
    short: 'J. Nowak',
    taxId: 'PL8131099245',
    country: 'PL',
    language: 'pl',
    street: 'Rynek 5/2',
    city: '35-064 Rzeszów',
    contact: 'Jan Nowak',
    series: 'lodz',
  },
  {
    code: 'PL-3307',
    name: 'ABG S.A.',
    short: 'ABG',
    taxId: 'PL6340012873',
    country: 'PL',
    language: 'pl',
    street: 'al. Korfantego 141',
    city: '40-154 Katowice',
    contact: 'Grażyna Bąk',
    series: 'lodz',
  },
  {
    code: '10020',
    name: 'Talleres Ibáñez e Hijos, S.L.',
    short: 'Talleres Ibáñez',
    taxId: 'ES B00417736',
    country: 'ES',
    language: 'es',
    street: 'Polígono Juncaril, calle C 18',
    city: '18220 Albolote (Granada)',
    contact: 'Rocío Peña',
    series: 'sevilla',
  },
  {
    // The company that owns the one before.
    code: '10021',
    name: 'Grupo Ibáñez, S.A.',
    short: 'Grupo Ibáñez',
    taxId: 'ES A18204467',
    country: 'ES',
    language: 'es',
    street: 'Gran Vía de Colón 44',
    city: '18010 Granada',
    contact: 'Íñigo Ibáñez',
    series: 'sevilla',
  },
  {
    // Named like a city, and listed without a legal form.
    code: '10022',
    name: 'Granada',
    short: 'Granada',
    country: 'ES',
    language: 'es',
    street: 'Avenida de la Constitución 9',
    city: '41004 Sevilla',
    contact: 'Begoña Ruiz',
    series: 'sevilla',
  },
  {
    code: 'K-20034',
    name: 'Müller & Söhne Maschinenbau GmbH & Co. KG',
    short: 'Müller & Söhne',
    taxId: 'DE811907980',
    country: 'DE',
    language: 'de',
    street: 'Industriestraße 77',
    city: '33609 Bielefeld',
    contact: 'Jürgen Groß',
    series: 'hamburg',
  },
  {
    code: 'K-20035',
    name: 'Müller Maschinenbau GmbH',
    short: 'Müller Maschinenbau',
    taxId: 'DE 136 695 976',
    country: 'DE',
    language: 'de',
    street: 'Werkstraße 3',
    city: '70565 Stuttgart',
    contact: 'Ute Kießling',
    series: 'hamburg',
  },
  {
    // Two branches with one name.
    code: 'BU-0001',
    name: 'Baustoff Union Nord GmbH',
    short: 'Baustoff Union',
    country: 'DE',
    language: 'de',
    street: 'Billwerder Ring 11',
    city: '21035 Hamburg',
    contact: 'Niederlassung Bergedorf, Wareneingang',
    series: 'hamburg',
  },
  {
    code: 'BU-0002',
    name: 'Baustoff Union Nord GmbH',
    short: 'Baustoff Union',
    country: 'DE',
    language: 'de',
    street: 'Ladestraße 26',
    city: '28197 Bremen',
    contact: 'Niederlassung Bremen, Wareneingang',
    series: 'hamburg',
  },
  {
    // A sole trader whose name is inside other names.
    code: 'K-20041',
    name: 'Anna Schmidt e.K.',
    short: 'A. Schmidt',
    country: 'DE',
    language: 'de',
    street: 'Lindenallee 4',
    city: '24105 Kiel',
    contact: 'Anna Schmidt',
    series: 'hamburg',
  },
  {
    // Named like goods, and a carrier in two words.
    code: 'AB3307',
    name: 'Anchor Bolt Ltd',
    short: 'Anchor Bolt',
    taxId: 'GB 241 9087 22',
    country: 'GB',
    language: 'en',
    street: '12 Temple Back',
    city: 'Bristol BS1 6FL',
    contact: 'Fiona Clarke',
    series: 'bristol',
  },
  {
    code: 'BAL1',
    name: 'Baltic Marine Limited',
    short: 'Baltic Marine',
    taxId: 'GB 880 1443 61',
    country: 'GB',
    language: 'en',
    street: 'Unit 7, Harbour Way',
    city: 'Grimsby DN31 3LP',
    contact: 'Owen Hughes',
    series: 'bristol',
  },
  {
    // The one before, and more.
    code: 'BAL2',
    name: 'Baltic Marine Services Ltd',
    short: 'Baltic Marine Services',
    taxId: 'GB 880 1443 72',
    country: 'GB',
    language: 'en',
    street: 'Unit 9, Harbour Way',
    city: 'Grimsby DN31 3LP',
    contact: 'Zoë Achebe',
    series: 'bristol',
  },
  {
    // One word, and goods have it too.
    code: 'K-20050',
    name: 'Orion GmbH',
    short: 'Orion',
    taxId: 'DE264511908',
    country: 'DE',
    language: 'de',
    street: 'Hafenweg 2',
    city: '48155 Münster',
    contact: 'Sabine Weiß',
    series: 'sevilla',
  },
  {
    code: 'K-20051',
    name: 'TransBaltic Spedition GmbH',
    short: 'TransBaltic',
    taxId: 'DE 301 778 415',
    country: 'DE',
    language: 'de',
    street: 'Skandinavienkai 1',
    city: '23570 Lübeck',
    contact: 'Disposition',
    series: 'hamburg',
  },
];
