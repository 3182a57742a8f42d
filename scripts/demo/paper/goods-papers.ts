import { printDay } from '../calendar.ts';
import { chance } from '../chance.ts';
import type { Line, Paper, Shipment, Supplier } from '../model.ts';
import { printCount } from '../money.ts';
import { netGrams } from '../orders.ts';
import { SERVICE } from '../tracking.ts';
import { block, closeLetter, label, openLetter, printMoment } from './letterhead.ts';
import { GREY, ink, type Sheet } from './sheet.ts';
import { type Column, table } from './table.ts';

const PEN = ink('#1c2f6b');
const PALLET_GRAMS = 18_000;
const PALLET_LIMIT_GRAMS = 320_000;
const BOX_GRAMS = 650;

/** How the goods were packed: pallets when heavy, boxes of at most 22 kg otherwise. */
function packing(lines: readonly Line[]): {
  pieces: string;
  net: string;
  gross: string;
  volume: string;
} {
  const net = netGrams(lines);
  const onPallets = net > 150_000;
  const count = Math.max(1, Math.ceil(net / (onPallets ? PALLET_LIMIT_GRAMS : 22_000)));
  const gross = net * 1.02 + count * (onPallets ? PALLET_GRAMS : BOX_GRAMS);
  const kilograms = (grams: number) => `${(grams / 1000).toFixed(1)} kg`;
  const noun = onPallets ? 'pallet' : 'box';
  const many = onPallets ? 'pallets' : 'boxes';
  return {
    pieces: `${count} ${count === 1 ? noun : many}`,
    net: kilograms(net),
    gross: kilograms(gross),
    volume: `${(count * (onPallets ? 0.82 : 0.036)).toFixed(2)} m³`,
  };
}

function shipmentOf(paper: Paper): Shipment {
  if (!paper.order.shipment) throw new Error(`${paper.number} has no shipment`);
  return paper.order.shipment;
}

function counted(sheet: Sheet, last: string): Column<Line>[] {
  const width = sheet.right - sheet.left;
  const kilograms = (line: Line) => ((line.quantity * line.item.grams) / 1000).toFixed(2);
  return [
    { heading: '#', at: 0, cell: (line) => String(line.number) },
    { heading: 'Item', at: 20, cell: (line) => line.item.code },
    {
      heading: 'Description',
      at: 108,
      cell: (line) => line.item.description,
      detail: (line) => line.item.detail,
    },
    {
      heading: 'Ordered',
      at: width - 150,
      figures: true,
      cell: (line) => printCount(line.quantity),
    },
    { heading: last, at: width - 92, figures: true, cell: (line) => printCount(line.quantity) },
    { heading: 'Unit', at: width - 82, cell: (line) => line.item.unit },
    { heading: 'Net kg', at: width, figures: true, cell: kilograms },
  ];
}

/** A row of boxed facts across the sheet. */
function strip(sheet: Sheet, pairs: readonly (readonly [string, string])[]): void {
  const width = (sheet.right - sheet.left) / pairs.length;
  sheet.panel(sheet.left, sheet.y, sheet.right - sheet.left, 36);
  pairs.forEach(([name, value], place) => {
    label(sheet, name, sheet.left + 10 + place * width, sheet.y + 14);
    sheet.text(value, sheet.left + 10 + place * width, sheet.y + 27, { size: 9.4, bold: true });
  });
  sheet.y += 52;
}

/** A pen's strokes, tall at the start of each name and flat in between; the same for a same seed. */
function scribble(sheet: Sheet, seed: string, x: number, y: number, width: number): void {
  const random = chance(seed);
  const strokes = random.between(9, 13);
  const second = random.between(4, 6);
  const step = width / strokes;
  let path = `M0 ${random.between(-3, 3)}`;
  for (let stroke = 1; stroke <= strokes; stroke++) {
    const tall = stroke === 1 || stroke === second ? random.between(20, 28) : random.between(2, 9);
    const lean = random.between(1, 7);
    const drop = random.between(0, 7) === 0 ? 10 : random.between(-2, 3);
    const to = stroke * step;
    path += ` C${to - step + lean} ${-tall} ${to - step / 2 + lean} ${-tall * 0.9} ${to} ${drop}`;
  }
  path += ` C${width + 8} -3 ${width + 16} -6 ${width + 24} ${random.between(-12, -6)}`;
  if (random.between(0, 1) === 1) {
    path += ` M${width * 0.1} 8 C${width * 0.4} 3 ${width * 0.8} 6 ${width * 1.1} ${random.between(0, 4)}`;
  }
  sheet.page.drawSvgPath(path, {
    x,
    y: sheet.height - y,
    borderColor: PEN,
    borderWidth: 1.15,
  });
}

/** A line to sign on, what stands on it in pen, and what it is for. */
function signedLine(sheet: Sheet, caption: string, x: number, width: number, written = ''): void {
  sheet.text(written, x + 4, sheet.y - 4, { size: 10, colour: PEN });
  sheet.rule(sheet.y, { from: x, to: x + width, strong: true });
  sheet.text(caption, x, sheet.y + 10, { size: 7, colour: GREY });
}

/** What is in the boxes, without prices. */
export async function drawPackingSlip(supplier: Supplier, paper: Paper): Promise<Uint8Array> {
  const shipment = shipmentOf(paper);
  const { order } = paper;
  const random = chance(paper.number);
  const sheet = await openLetter(supplier, paper, [
    ['Shipped', printDay(shipment.shipped)],
    ['Expected', printDay(shipment.estimated)],
  ]);
  strip(sheet, [
    ['Carrier', SERVICE[shipment.carrier]],
    ['Tracking number', shipment.tracking],
  ]);
  sheet.y += 8;
  table(sheet, counted(sheet, 'Shipped'), order.lines);
  sheet.need(120);
  const packed = packing(order.lines);
  strip(sheet, [
    ['Packages', packed.pieces],
    ['Net weight', packed.net],
    ['Gross weight', packed.gross],
    ['Volume', packed.volume],
  ]);
  sheet.y += 16;
  const third = (sheet.right - sheet.left - 40) / 3;
  const initials = ['J. Kowalke', 'R. Dufresne', 'S. Abara', 'T. Lund'];
  signedLine(sheet, 'Packed by', sheet.left, third, random.pick(initials));
  signedLine(sheet, 'Checked by', sheet.left + third + 20, third, random.pick(initials));
  signedLine(sheet, 'Seal', sheet.left + (third + 20) * 2, third, `S${random.digits(6)}`);
  sheet.y += 34;
  const claims =
    'Please count the packages before signing. Report shortages within five working days.';
  sheet.text(claims, sheet.left, sheet.y, { size: 8, colour: GREY });
  return closeLetter(sheet, supplier, order.customer.tax.sellerNumber);
}

/** The carrier's receipt, signed at the customer's dock. */
export async function drawProofOfDelivery(supplier: Supplier, paper: Paper): Promise<Uint8Array> {
  const shipment = shipmentOf(paper);
  const { order } = paper;
  const random = chance(paper.number);
  const arrived = random.between(7 * 60 + 40, 15 * 60 + 50);
  const packed = packing(order.lines);
  const sheet = await openLetter(supplier, paper, [
    ['Shipped', printDay(shipment.shipped)],
    ['Delivered', printDay(paper.date)],
  ]);
  strip(sheet, [
    ['Carrier', SERVICE[shipment.carrier]],
    ['Tracking number', shipment.tracking],
  ]);
  strip(sheet, [
    ['Pieces', packed.pieces],
    ['Gross weight', packed.gross],
    ['Place', order.customer.delivery[0] ?? ''],
  ]);
  sheet.y += 8;
  table(sheet, counted(sheet, 'Received'), order.lines);
  sheet.need(170);
  sheet.y += 10;
  sheet.text('Received in good order and condition.', sheet.left, sheet.y, {
    size: 11,
    bold: true,
  });
  const lines = [
    `${packed.pieces} for ${order.customer.name} (${order.customer.code}), order ${order.number}.`,
    'No shortage and no visible damage noted at the time of delivery.',
  ];
  for (const line of lines) {
    sheet.y += 14;
    sheet.text(line, sheet.left, sheet.y);
  }
  sheet.y += 62;
  const half = (sheet.right - sheet.left - 30) / 3;
  scribble(sheet, shipment.receivedBy + paper.number, sheet.left + 12, sheet.y - 9, half * 0.72);
  signedLine(sheet, 'Signature', sheet.left, half);
  signedLine(
    sheet,
    'Name in capitals',
    sheet.left + half + 15,
    half,
    shipment.receivedBy.toUpperCase(),
  );
  signedLine(
    sheet,
    'Date and time',
    sheet.left + (half + 15) * 2,
    half,
    printMoment(paper.date, arrived),
  );
  sheet.y += 30;
  const driver = `Driver ${random.pick(['L. Ferro', 'A. Nyberg', 'D. Castell', 'W. Brandt'])}, vehicle ${random.digits(4)}`;
  block(sheet, 'For the carrier', [driver], sheet.left, sheet.y);
  return closeLetter(sheet, supplier, order.customer.tax.sellerNumber);
}
