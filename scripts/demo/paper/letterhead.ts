import { FillRule } from '@cantoo/pdf-lib';
import { type Day, printDay } from '../calendar.ts';
import { markPath } from '../logo.ts';
import type { Language, Paper, PaperKind, Supplier } from '../model.ts';
import { GREY, openSheet, type Sheet } from './sheet.ts';

const TITLE: Record<PaperKind, Record<Language, string>> = {
  order_confirmation: {
    en: 'Order confirmation',
    es: 'Confirmación de pedido',
    pl: 'Potwierdzenie zamówienia',
  },
  invoice: { en: 'Invoice', es: 'Factura', pl: 'Faktura VAT' },
  packing_slip: { en: 'Packing slip', es: 'Albarán de entrega', pl: 'Specyfikacja wysyłki' },
  proof_of_delivery: {
    en: 'Proof of delivery',
    es: 'Justificante de entrega',
    pl: 'Potwierdzenie dostawy',
  },
  credit_note: { en: 'Credit note', es: 'Factura rectificativa', pl: 'Faktura korygująca' },
};

const LABEL_SIZE = 6.8;

/** A small grey heading above a block. */
export function label(sheet: Sheet, value: string, x: number, y: number): void {
  sheet.text(value.toUpperCase(), x, y, { size: LABEL_SIZE, bold: true, colour: GREY });
}

function masthead(sheet: Sheet, supplier: Supplier, paper: Paper): void {
  const { page, left, right, height, brand } = sheet;
  page.drawSvgPath(markPath(supplier.mark), {
    x: left,
    y: height - 38,
    scale: 0.46,
    color: brand,
    borderWidth: 0,
    fillRule: FillRule.EvenOdd,
  });
  const beside = left + 58;
  sheet.text(supplier.name, beside, 52, { size: 15, bold: true });
  sheet.text(supplier.tagline, beside, 63, { size: 7, colour: GREY });
  sheet.text(supplier.address.join(', '), beside, 74, { size: 7, colour: GREY });
  sheet.text(`${supplier.contactPhone}   ${supplier.contactEmail}`, beside, 83.5, {
    size: 7,
    colour: GREY,
  });
  const title = TITLE[paper.kind];
  sheet.text(title.en, right, 56, { size: 19, bold: true, colour: brand, align: 'right' });
  const { language } = paper.order.customer;
  if (language !== 'en') {
    sheet.text(title[language], right, 69, { size: 8.5, colour: GREY, align: 'right' });
  }
  sheet.panel(left, 97, right - left, 1.6, brand);
}

function address(
  sheet: Sheet,
  heading: string,
  lines: readonly string[],
  x: number,
  width: number,
): number {
  label(sheet, heading, x, 118);
  let y = 131;
  lines.forEach((line, place) => {
    for (const part of sheet.wrap(line, width, { bold: place === 0 })) {
      sheet.text(part, x, y, { bold: place === 0 });
      y += 12;
    }
  });
  return y;
}

function facts(sheet: Sheet, pairs: readonly (readonly [string, string])[], x: number): number {
  const width = sheet.right - x;
  sheet.panel(x, 107, width, pairs.length * 13.5 + 13);
  pairs.forEach(([name, value], place) => {
    const y = 122 + place * 13.5;
    sheet.text(name, x + 9, y, { size: 7.6, colour: GREY });
    sheet.text(value, sheet.right - 9, y, { size: 8.6, bold: place === 0, align: 'right' });
  });
  return 107 + pairs.length * 13.5 + 13;
}

/**
 * A sheet with the supplier's letterhead, both addresses and the block of facts (number, date, order,
 * the customer's own number and code, then `more`); y stands where the body begins.
 */
export async function openLetter(
  supplier: Supplier,
  paper: Paper,
  more: readonly (readonly [string, string])[],
): Promise<Sheet> {
  const { order } = paper;
  const { customer } = order;
  const title = TITLE[paper.kind].en;
  const sheet = await openSheet(supplier.paper, supplier.colour, (turned) => {
    turned.text(supplier.name, turned.left, 54, { size: 9, bold: true });
    turned.text(`${title} ${paper.number}, continued`, turned.right, 54, {
      size: 9,
      colour: GREY,
      align: 'right',
    });
    turned.panel(turned.left, 62, turned.right - turned.left, 1.2, turned.brand);
    turned.y = 82;
  });
  describe(sheet, supplier, paper, title);
  masthead(sheet, supplier, paper);
  const factsFrom = sheet.right - 186;
  const column = (factsFrom - sheet.left - 28) / 2;
  const billTo = [customer.name, ...customer.address, customer.taxNumber];
  const shipTo = [customer.name, ...customer.delivery];
  const ends = [
    address(sheet, 'Customer', billTo, sheet.left, column),
    address(sheet, 'Deliver to', shipTo, sheet.left + column + 14, column),
    facts(
      sheet,
      [
        ['Number', paper.number],
        ['Date', printDay(paper.date)],
        ['Our order', order.number],
        ['Your order', order.purchaseOrder],
        ['Customer code', customer.code],
        ...more,
      ],
      factsFrom,
    ),
  ];
  sheet.y = Math.max(...ends) + 16;
  if (paper.note) {
    for (const line of sheet.wrap(paper.note, sheet.right - sheet.left - 18, { size: 8.4 })) {
      sheet.text(line, sheet.left, sheet.y, { size: 8.4, bold: true });
      sheet.y += 12;
    }
    sheet.y += 8;
  }
  return sheet;
}

/** Fixed times, so that the same paper drawn twice is the same bytes. */
function describe(sheet: Sheet, supplier: Supplier, paper: Paper, title: string): void {
  const moment = new Date(`${paper.date}T15:00:00Z`);
  sheet.doc.setTitle(`${title} ${paper.number}`);
  sheet.doc.setAuthor(supplier.legalName);
  sheet.doc.setSubject(`${paper.order.customer.name}, order ${paper.order.number}`);
  sheet.doc.setProducer('Foundry ERP 9 print service');
  sheet.doc.setLanguage('en');
  sheet.doc.setCreationDate(moment);
  sheet.doc.setModificationDate(moment);
}

/** A label and what it says, below each other; gives the y after them. */
export function block(
  sheet: Sheet,
  heading: string,
  lines: readonly string[],
  x: number,
  y: number,
): number {
  label(sheet, heading, x, y);
  lines.forEach((line, place) => {
    sheet.text(line, x, y + 13 + place * 11.5, { size: 8.2 });
  });
  return y + 13 + lines.length * 11.5;
}

/** Draws the foot of every page, now that their number is known, and gives the file. */
export async function closeLetter(
  sheet: Sheet,
  supplier: Supplier,
  sellerNumber: string,
): Promise<Uint8Array> {
  const pages = sheet.doc.getPages();
  pages.forEach((page, place) => {
    sheet.page = page;
    const y = sheet.height - 62;
    sheet.rule(y);
    const small = { size: 6.6, colour: GREY };
    sheet.text(supplier.registration, sheet.left, y + 11, small);
    sheet.text(
      `${sellerNumber}. ${supplier.legalName}, terms of sale apply.`,
      sheet.left,
      y + 20,
      small,
    );
    const count = `Page ${place + 1} of ${pages.length}`;
    sheet.text(count, sheet.right, y + 11, { size: 7.2, colour: GREY, align: 'right' });
  });
  return sheet.doc.save({ useObjectStreams: true });
}

/** When goods moved: a day and a time of day. */
export function printMoment(day: Day, minutes: number): string {
  const clock = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${printDay(day)}, ${clock.join(':')}`;
}
