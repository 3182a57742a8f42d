/** What the buyers bought: orders and the papers that came of them, and the index that lists them. */
import { type Chance, chance } from '../../../../scripts/demo/chance.ts';
import type { DocumentKind } from '../../../vocabulary.ts';
import { BUYERS, type Buyer, CARRIERS } from './buyers.ts';

export type Line = { code: string; goods: string; quantity: number; cents: number; ean: string };
export type Order = {
  number: string;
  date: string;
  po: string;
  lines: Line[];
  carrier: string;
  tracking: string;
  /** Where it goes, when that is another company's. */
  deliverTo: string | null;
};
/** Amounts are in cents; a paper about goods has none. */
export type Amounts = { net: number; tax: number; total: number };
export type Slip = {
  kind: DocumentKind;
  /** As the index has it; null: the index has none, and makes one of the order and the parcel. */
  number: string | null;
  date: string;
  fileName: string;
  amounts: Amounts | null;
  /** The invoice that a credit note reduces. */
  credits: string | null;
};
export type Deal = {
  buyer: Buyer;
  order: Order;
  slips: Slip[];
  /** The index lists the papers and nothing else: no order, no lines, no parcel. */
  isThin: boolean;
};

const GOODS = [
  ['M8-40-A2', 'Hex bolt M8x40 A2-70'],
  ['AB-M12-100', 'Anchor Bolt M12x100, zinc'],
  ['OR-40', 'Sealing washer Orion 40'],
  ['NY-6', 'Nylon plug 6 mm, box of 100'],
  ['GR-19', 'Granada hinge 19 mm, brass'],
  ['TW-330', 'Threaded rod DIN 976 M10 x 1000'],
  ['BF-16', 'Drill chuck Müller Maschinenbau B16'],
  // Codes that are also numbers of orders and packing slips.
  ['240183', 'Spring washer DIN 127 B8'],
  ['000456', 'Cable tie 4.8 x 200 black'],
] as const;

const TAX_PERCENT = { PL: 23, ES: 21, DE: 19, GB: 20 } as const;

/** The numbers that an office gives, each in its house's way; `n` counts from 1. */
const SERIES: Record<
  Buyer['series'],
  { of: Record<'order' | 'invoice' | 'credit' | 'slip', (n: number) => string> }
> = {
  lodz: {
    of: {
      order: (n) => `ZK-2024-${pad(100 + n, 4)}`,
      invoice: (n) => `FV/2024/11/${pad(10 + n, 4)}`,
      credit: (n) => `FV/2024/11/${pad(n, 3)}/KOR`,
      slip: (n) => `WZ/${pad(300 + n, 4)}/24`,
    },
  },
  hamburg: {
    of: {
      order: (n) => `${2024000100 + n}`,
      invoice: (n) => `RE ${4700 + n}-24`,
      credit: (n) => `GS ${pad(300 + n, 4)}-24`,
      slip: (n) => `LS-${88000 + n}`,
    },
  },
  bristol: {
    of: {
      order: (n) => `SO_${10020 + n}`,
      invoice: (n) => `INV-${1000 + n}`,
      credit: (n) => `CN-${100 + n}`,
      slip: (n) => `PS${7000 + n}`,
    },
  },
  sevilla: {
    of: {
      order: (n) => `${240180 + n}`,
      invoice: (n) => `${2024100120 + n}`,
      credit: (n) => `${2024900010 + n}`,
      slip: (n) => pad(450 + n, 6),
    },
  },
};

const pad = (n: number, digits: number) => String(n).padStart(digits, '0');
export const plainAmount = (cents: number) => (cents / 100).toFixed(2);

/** Two deals of each buyer, the same ones every time. */
export function trade(): Deal[] {
  const by = chance('corpus');
  const counts = new Map<string, number>();
  const next = (buyer: Buyer, what: 'order' | 'invoice' | 'credit' | 'slip') => {
    const key = `${buyer.series} ${what}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return SERIES[buyer.series].of[what](counts.get(key) ?? 0);
  };
  return [0, 1].flatMap((round) =>
    BUYERS.map((buyer, at) => {
      const order = orderOf(by, buyer, next(buyer, 'order'), round);
      const slips = slipsOf(by, buyer, order, round, (what) => next(buyer, what));
      return { buyer, order, slips, isThin: round === 1 && at % 3 === 0 };
    }),
  );
}

function orderOf(by: Chance, buyer: Buyer, number: string, round: number): Order {
  const goods = by.sample(GOODS, by.between(3, 6));
  return {
    number,
    date: `2024-${round === 0 ? '10' : '11'}-${pad(by.between(2, 27), 2)}`,
    po: by.pick([
      `PO-${by.digits(5)}`,
      `4500${by.digits(6)}`,
      `ZAM/${by.digits(3)}/24`,
      '2024000103',
    ]),
    lines: goods.map(([code, name]) => ({
      code,
      goods: name,
      quantity: by.between(1, 40) * 25,
      cents: by.between(4, 890),
      ean: `4006381${by.digits(6)}`,
    })),
    carrier: by.pick(CARRIERS),
    tracking: by.pick([`1Z${by.digits(8)}`, `JJD${by.digits(12)}`, by.digits(11)]),
    deliverTo: buyer.code === '10020' && round === 0 ? 'Grupo Ibáñez, S.A., Nave 2' : null,
  };
}

function slipsOf(
  by: Chance,
  buyer: Buyer,
  order: Order,
  round: number,
  next: (what: 'invoice' | 'credit' | 'slip') => string,
): Slip[] {
  const net = order.lines.reduce((sum, line) => sum + line.quantity * line.cents, 0);
  const whole = amountsOf(buyer, net);
  const base = `${buyer.code}-${round + 1}`;
  const slip = (kind: DocumentKind, number: string | null, rest: Partial<Slip> = {}): Slip => ({
    kind,
    number,
    date: order.date.replace(/\d\d$/, (day) => pad(Math.min(Number(day) + 1, 28), 2)),
    fileName: `${base}-${kind}.pdf`,
    amounts: null,
    credits: null,
    ...rest,
  });
  const invoice = slip('invoice', next('invoice'), { amounts: whole });
  const goods = slip('packing_slip', next('slip'));
  const delivered = slip(
    'proof_of_delivery',
    buyer.series === 'bristol' ? `POD-${order.number}` : null,
  );
  if (round === 0) {
    return [
      slip('order_confirmation', order.number, { amounts: whole }),
      invoice,
      goods,
      delivered,
    ];
  }
  const part = amountsOf(buyer, Math.round(net / by.between(3, 9)));
  const credit = slip('credit_note', next('credit'), { amounts: part, credits: invoice.number });
  const statement = slip('statement', `ST-2024-11-${buyer.code}`, { date: '2024-11-30' });
  return [invoice, goods, credit, statement];
}

function amountsOf(buyer: Buyer, net: number): Amounts {
  const percent = TAX_PERCENT[buyer.country as keyof typeof TAX_PERCENT] ?? 0;
  const tax = Math.round((net * percent) / 100);
  return { net, tax, total: net + tax };
}

/** The rows of the index: customers, orders with their lines and parcels, and the papers. */
export function rowsOf(deals: readonly Deal[]): Record<string, string>[] {
  return [...BUYERS.map(buyerRow), ...deals.flatMap(dealRows)];
}

function buyerRow({ code, name, taxId, country, contact, language }: Buyer) {
  return {
    customer_code: code,
    customer_name: name,
    customer_tax_id: taxId ?? '',
    customer_country: country,
    contact_name: contact,
    contact_email: `${code.toLowerCase()}@buyers.example`,
    contact_language: language === 'de' ? 'en' : language,
  };
}

function dealRows({ buyer, order, slips, isThin }: Deal): Record<string, string>[] {
  const currency = { PL: 'PLN', GB: 'GBP' }[buyer.country] ?? 'EUR';
  const whole = slips.find(({ kind }) => kind === 'invoice')?.amounts;
  const own = { customer_code: buyer.code, order_number: order.number };
  const lines = order.lines.map((line, at) => ({
    ...own,
    order_date: order.date,
    order_status: 'delivered',
    currency,
    po_number: order.po,
    delivery_address: order.deliverTo ?? '',
    order_total: whole ? plainAmount(whole.total) : '',
    line_number: String(at + 1),
    line_item_code: line.code,
    line_description: line.goods,
    line_quantity: String(line.quantity),
    line_unit_price: plainAmount(line.cents),
    line_total: plainAmount(line.quantity * line.cents),
    carrier: order.carrier,
    tracking_number: order.tracking,
  }));
  const papers = slips.map((slip) => ({
    customer_code: buyer.code,
    ...(isThin || slip.kind === 'statement' ? {} : { order_number: order.number }),
    ...(slip.number === null ? { tracking_number: order.tracking } : {}),
    document_kind: slip.kind,
    document_number: slip.number ?? '',
    document_date: slip.date,
    file_name: slip.fileName,
    ...(slip.amounts && slip.kind !== 'order_confirmation'
      ? {
          net: plainAmount(slip.amounts.net),
          tax: plainAmount(slip.amounts.tax),
          total: plainAmount(slip.amounts.total),
          currency,
        }
      : {}),
    credited_invoice: slip.credits ?? '',
  }));
  return isThin ? papers : [...lines, ...papers];
}
