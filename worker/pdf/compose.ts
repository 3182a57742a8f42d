/** The documents that we draw ourselves, from what is published. */
import { fingerprint, finish, tagOf } from './drawing/colophon.ts';
import { DOCUMENT_WORDS, type DocumentWords } from './drawing/document-words.ts';
import type { DrawnDocument, DrawnLine } from './drawing/drawn-document.ts';
import {
  currencyDecimals,
  decimalsOf,
  writeCountry,
  writeDay,
  writeDecimal,
  writeMoment,
  writeRate,
} from './drawing/figures.ts';
import { accentOf } from './drawing/inks.ts';
import {
  drawFacts,
  drawFoot,
  drawMasthead,
  drawParties,
  drawRunningHead,
  drawSums,
  drawTitle,
  type Fact,
  HEAD_POINTS,
  type Party,
  type Sum,
  sumsHeight,
} from './drawing/letter.ts';
import { drawLogo } from './drawing/logo.ts';
import { openFlow } from './drawing/page-flow.ts';
import { type Column, drawTable } from './drawing/table.ts';

export type { DrawnDocument } from './drawing/drawn-document.ts';

/**
 * The document as a PDF of A4 pages: the same bytes for the same input, whenever and wherever it is
 * drawn, so that a part of the file can be served after the whole. Never throws for what the texts
 * or the logo hold: a letter without a glyph is replaced, a logo that cannot be drawn is left out.
 */
export async function compose(document: DrawnDocument): Promise<Uint8Array<ArrayBuffer>> {
  const words = DOCUMENT_WORDS[document.language];
  const { supplier, number } = document;
  const accent = accentOf(supplier.colour);
  const title = words.title[document.kind];
  const running = [`${title} ${number}`, ...(document.isCopy ? [words.copy] : [])].join('  ·  ');
  const { logo, ...said } = document;
  const print = await fingerprint({ ...said, logo: logo?.type });

  const flow = await openFlow({
    tag: tagOf(print),
    headPoints: HEAD_POINTS,
    turn: (turned) => drawRunningHead(turned, supplier.name, running, accent),
  });
  const logoHeight = logo ? await drawLogo(flow, logo, flow.left, flow.y) : 0;
  const contact = [supplier.contactEmail, supplier.contactPhone].filter((line) => line !== null);
  const lines = [supplier.address, ...contact].filter((line) => line !== null);
  drawMasthead(flow, { name: supplier.name, lines }, logoHeight, accent);
  const copy = document.isCopy ? { mark: words.copy, line: words.copyOf(supplier.name) } : null;
  drawTitle(flow, { title, number, copy }, accent);
  drawParties(flow, partiesOf(document, words));
  drawFacts(flow, factsOf(document, words));

  const sums = sumsOf(document, words);
  const note = words.asOf(writeMoment(document.asOf, document.language));
  drawTable(flow, columnsOf(document, words), document.lines, {
    keepWithLast: sumsHeight(flow, sums, note),
  });
  drawSums(flow, sums, note, accent);

  flow.onEachPage((page, count) => {
    drawFoot(flow, {
      title: `${supplier.name}  ·  ${running}`,
      page: words.page(page, count),
      stamp: document.stamp,
    });
  });
  return finish(flow, {
    title: `${title} ${number}`,
    author: supplier.name,
    language: document.language,
    asOf: document.asOf,
    print,
  });
}

function partiesOf({ customer, order, language }: DrawnDocument, words: DocumentWords): Party[] {
  const buyer: Party = {
    label: words.customer,
    name: customer.name,
    lines: [
      ...(customer.country === null ? [] : [writeCountry(customer.country, language)]),
      ...(customer.taxId === null ? [] : [words.taxId(customer.taxId)]),
      words.customerCode(customer.code),
    ],
  };
  const address = order?.deliveryAddress ?? '';
  if (address.trim() === '') return [buyer];
  return [buyer, { label: words.deliverTo, name: null, lines: [address] }];
}

function factsOf(document: DrawnDocument, words: DocumentWords): Fact[] {
  const { order, language, lines, totals } = document;
  const day = (value: string | null | undefined) =>
    value === null || value === undefined ? null : writeDay(value, language);
  const { total, ...parts } = totals;
  const hasAmounts =
    Object.values(parts).some((amount) => amount !== null) ||
    lines.some((line) => line.unitPrice !== null || line.total !== null);
  return [
    [words.date, day(document.datedOn)],
    [words.dueOn, day(document.dueOn)],
    [words.credits, document.credits],
    // A confirmation often has its order's number, which is in the title.
    [words.order, order && order.number !== document.number ? order.number : null],
    [words.placedOn, day(order?.placedOn)],
    [words.poNumber, order?.poNumber ?? null],
    [words.expectedDelivery, day(order?.expectedDelivery)],
    // Beside the total, where there is one.
    [words.currency, total === null && hasAmounts ? document.currency : null],
  ];
}

function columnsOf(
  { lines, currency, language }: DrawnDocument,
  words: DocumentWords,
): Column<DrawnLine>[] {
  const least = currencyDecimals(currency);
  const inColumn = (field: 'unitPrice' | 'total') => {
    const decimals = decimalsOf(
      lines.map((line) => line[field]),
      least,
    );
    return (line: DrawnLine) => {
      const amount = line[field];
      return amount === null ? null : writeDecimal(amount, language, decimals);
    };
  };
  return [
    { heading: words.itemCode, cell: ({ itemCode }) => itemCode },
    { heading: words.description, flexible: true, cell: ({ description }) => description },
    {
      heading: words.quantity,
      figures: true,
      cell: ({ quantity }) => (quantity === null ? null : writeDecimal(quantity, language)),
    },
    { heading: words.unit, cell: ({ unit }) => unit },
    { heading: words.unitPrice, figures: true, cell: inColumn('unitPrice') },
    {
      heading: words.taxRate,
      figures: true,
      cell: ({ taxRate }) => (taxRate === null ? null : writeRate(taxRate, language)),
    },
    { heading: words.lineTotal, figures: true, cell: inColumn('total') },
  ];
}

function sumsOf({ totals, currency, language }: DrawnDocument, words: DocumentWords): Sum[] {
  const decimals = decimalsOf(Object.values(totals), currencyDecimals(currency));
  const sums: (Omit<Sum, 'amount'> & { amount: string | null })[] = [
    { label: words.subtotal, amount: totals.subtotal },
    { label: words.shipping, amount: totals.shipping },
    { label: words.tax, amount: totals.tax },
    { label: words.total(currency), amount: totals.total, total: true },
    { label: words.paid, amount: totals.paid },
  ];
  return sums.flatMap(({ amount, ...sum }) =>
    amount === null ? [] : [{ ...sum, amount: writeDecimal(amount, language, decimals) }],
  );
}
