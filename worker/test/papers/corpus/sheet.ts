/** What a paper says, before anybody draws it. */
import { type Chance, chance } from '../../../../scripts/demo/chance.ts';
import { type Buyer, STAFF, SUPPLIER, WAREHOUSES } from './buyers.ts';
import {
  type MoneySpelling,
  type NameSpelling,
  type NumberSpelling,
  spellMoney,
  spellName,
  spellNumber,
} from './spelling.ts';
import type { Deal, Slip } from './trade.ts';
import { WORDS, type Words } from './words.ts';

export type Sheet = {
  language: string;
  letterhead: readonly string[];
  title: string;
  /** The buyer, as an envelope's window shows it. */
  address: string[];
  /** Where the goods go; empty where that is the same. */
  shipTo: string[];
  facts: [label: string, value: string][];
  head: string[];
  rows: string[][];
  totals: [label: string, value: string][];
  notes: string[];
  /** What stands on further pages. */
  terms: string[];
  footer: readonly string[];
};

export type Spelling = { name: NameSpelling; number: NumberSpelling; money: MoneySpelling };

/** The sheet of one paper. `before` is what the same buyer bought earlier, for papers to refer to. */
export function sheetOf(
  deal: Deal,
  slip: Slip,
  before: readonly Deal[],
  spelling: Spelling,
): Sheet {
  const { buyer, order } = deal;
  const words = WORDS[buyer.language];
  const by = chance(slip.fileName);
  const money = (cents: number) => spellMoney(cents, spelling.money);
  const isStatement = slip.kind === 'statement';
  const hasAmounts = slip.amounts !== null;
  return {
    language: buyer.language,
    letterhead: SUPPLIER.letterhead,
    title: words[slip.kind],
    address: [...spellName(buyer.name, spelling.name), buyer.street, buyer.city],
    shipTo: hasAmounts || isStatement ? [] : shipToOf(deal, by),
    facts: factsOf(deal, slip, spelling, words, by),
    head: isStatement ? [words.date, words.number, words.total] : headOf(words, hasAmounts),
    rows: isStatement
      ? statementRows([...before, deal], money)
      : order.lines.map(({ code, goods, quantity, cents, ean }, at) => [
          `${(at + 1) * 10}`,
          code,
          `${goods} EAN ${ean}`,
          String(quantity),
          ...(hasAmounts ? [money(cents), money(cents * quantity)] : []),
        ]),
    totals: slip.amounts
      ? [
          [words.net, money(slip.amounts.net)],
          [words.tax, money(slip.amounts.tax)],
          [words.total, money(slip.amounts.total)],
        ]
      : [],
    notes: notesOf(deal, slip, before, spelling, words),
    terms: slip.kind === 'invoice' && by.between(1, 2) === 1 ? manyTerms(words) : [],
    footer: SUPPLIER.bank,
  };
}

const headOf = (words: Words, hasAmounts: boolean) => {
  const [item, goods, quantity, price, amount] = words.head;
  return ['Pos.', item, goods, quantity, ...(hasAmounts ? [price, amount] : [])];
};

function shipToOf({ buyer, order }: Deal, by: Chance): string[] {
  if (order.deliverTo) return [order.deliverTo, buyer.city];
  return [
    buyer.short,
    `${by.pick(['Hala', 'Gate', 'Tor', 'Nave'])} ${by.between(1, 9)}`,
    buyer.city,
  ];
}

function factsOf(
  { buyer, order }: Deal,
  slip: Slip,
  { number }: Spelling,
  words: Words,
  by: Chance,
): [string, string][] {
  const facts: [string, string][] = [];
  if (slip.kind !== 'proof_of_delivery' && slip.kind !== 'statement') {
    facts.push([words.number, spellNumber(slip.number ?? '', number)]);
  } else if (slip.number?.startsWith('POD') || slip.kind === 'statement') {
    facts.push([words.number, slip.number ?? '']);
  }
  facts.push([words.date, slip.date.split('-').reverse().join('.')]);
  if (printsCode(buyer, slip)) facts.push([words.buyer, buyer.code]);
  if (slip.kind !== 'statement') {
    facts.push([words.order, order.number], [words.po, order.po]);
  }
  if (buyer.taxId && slip.amounts) facts.push([words.taxId, buyer.taxId]);
  if (slip.credits) facts.push([words.credits, slip.credits]);
  if (slip.amounts) facts.push([words.due, '20.12.2024']);
  facts.push([
    words.contact,
    `${by.pick(STAFF[buyer.language])} · +49 40 3344 5566-${by.digits(2)}`,
  ]);
  if (slip.kind === 'packing_slip' || slip.kind === 'proof_of_delivery') {
    facts.push([words.carrier, order.carrier], [words.parcel, order.tracking]);
    facts.push([words.warehouse, WAREHOUSES[buyer.language]]);
  }
  return facts;
}

/** Seville prints no customer's number; Łódź prints it where amounts are. */
const printsCode = ({ series }: Buyer, { amounts }: Slip) =>
  series === 'lodz' ? amounts !== null : series !== 'sevilla';

function statementRows(deals: readonly Deal[], money: (cents: number) => string): string[][] {
  return deals.flatMap(({ slips, order }) =>
    slips.flatMap(({ amounts, number, date, kind }) =>
      amounts && number
        ? [[date, kind === 'order_confirmation' ? order.number : number, money(amounts.total)]]
        : [],
    ),
  );
}

function notesOf(
  { buyer, order }: Deal,
  slip: Slip,
  before: readonly Deal[],
  { number }: Spelling,
  words: Words,
): string[] {
  const notes: string[] = [words.thanks];
  const earlier = before[0]?.slips.find(({ kind }) => kind === 'invoice')?.number;
  if (earlier && slip.kind !== 'statement') {
    notes.push(
      `${words.invoice} ${spellNumber(earlier, number)}, ${words.order} ${before[0]?.order.number}`,
    );
  }
  if (slip.amounts) notes.push(`${words.carrier}: ${order.carrier}, EXW Hamburg, HS 7318 15 88`);
  // The companies of one group say so.
  if (buyer.code === '10020') notes.push('Una empresa del Grupo Ibáñez');
  if (slip.kind === 'proof_of_delivery') {
    // The carrier's own paper names the carrier as its register does.
    if (order.carrier === 'TransBaltic Spedition') notes.push(`${order.carrier} GmbH, ADSp 2017`);
    notes.push(`${words.received}: ${buyer.contact}, 11.11.2024 09:42`);
  }
  return notes;
}

/** A second page, and the beginning of a third. */
function manyTerms({ terms }: Words): string[] {
  return Array.from({ length: 12 }, (_, at) => `§ ${at + 1}  ${terms.join(' ')}`);
}
