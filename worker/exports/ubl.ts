/**
 * UBL 2.1 as Peppol BIS Billing 3.0 has it: one document a file. A credit note is a document of its own
 * kind with amounts that are positive. https://docs.peppol.eu/poacc/billing/3.0
 */
import type { LeftOutReason } from '../vocabulary.ts';
import { absolute, decimalsIn, ofCents, plain } from './amounts.ts';
import { MIXED, type UntaxedCategory, untaxedCategory } from './codes.ts';
import { type Entry, type EntryLine, priced } from './entries.ts';
import type { Books, ExportRow } from './export-row.ts';
import { oneLine } from './sheet.ts';
import { buyerOf, partyXml, sellerOf } from './ubl-parties.ts';
import { tag, type Xml, xmlFile } from './xml.ts';

const CUSTOMIZATION = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const PROFILE = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:';

/** Why no tax is due, for the categories that must say it (UNCL 5305). */
const EXEMPTIONS: Partial<Record<'S' | UntaxedCategory, string>> = {
  E: 'Exempt from tax',
  AE: 'Reverse charge',
  G: 'Export outside the EU',
};
/** UN/ECE Recommendation 20; what is not known is a piece. */
const UNITS: Record<string, string> = {
  kg: 'KGM',
  g: 'GRM',
  t: 'TNE',
  m: 'MTR',
  cm: 'CMT',
  mm: 'MMT',
  m2: 'MTK',
  m3: 'MTQ',
  l: 'LTR',
  h: 'HUR',
  hour: 'HUR',
  hours: 'HUR',
  day: 'DAY',
  days: 'DAY',
};
const PIECE = 'C62';

/** S for a rate, Z for none; where none is due, the codes may say why. Null for a code that says nothing here. */
const categoryOf = (rate: string, { codes }: Books) =>
  rate === '0' ? untaxedCategory(codes) : 'S';

/** The rates, in percent, that lines of an export say, or codes that are mapped for them. */
export function saidRates({ codes }: Books, rows: readonly ExportRow[]): ReadonlySet<string> {
  const published = rows.flatMap(({ lines }) => (lines ?? []).map(({ taxRate }) => taxRate));
  const mapped = Object.keys(codes.taxCodes ?? {}).filter((rate) => rate !== MIXED);
  return new Set([...published.filter((rate) => rate !== null), ...mapped].map(plain));
}

/** Why this document cannot be said in UBL; null when it can. `said`: see {@link saidRates}. */
export function ublRefusal(
  entry: Entry,
  books: Books,
  said: ReadonlySet<string>,
): LeftOutReason | null {
  // Tax at several rates can look like one that there is not, which is rarely a whole number of percent.
  const isSaid = (rate: string) => decimalsIn(rate) === 0 || said.has(rate);
  if (entry.lines.some(({ rate }) => rate === null || !isSaid(rate))) return 'rates';
  const buyer = buyerOf(entry, books);
  if (buyer === null) return 'buyer';
  // Who is charged the tax in reverse is named by its number (BR-AE-02).
  const isReverse = entry.lines.some(({ rate }) => categoryOf(rate ?? '0', books) === 'AE');
  return isReverse && buyer.taxId === null ? 'buyer' : null;
}

/**
 * One document, of an entry that {@link ublRefusal} lets pass.
 *
 * @throws RangeError when seller or buyer are not known well enough, or a category is not: see unmapped.ts
 */
export function ublFile(entry: Entry, books: Books): string {
  const [seller, buyer] = [sellerOf(books), buyerOf(entry, books)];
  if ('missing' in seller || buyer === null) throw new RangeError('parties are not known');
  const isCredit = entry.kind === 'credit_note';
  const kind = isCredit ? 'CreditNote' : 'Invoice';
  const turn = isCredit ? -1n : 1n;
  const money = (name: string, value: bigint) =>
    tag(name, ofCents(turn * value), { currencyID: entry.currency });
  const { customer } = entry;
  const root = tag(
    kind,
    [
      tag('cbc:CustomizationID', CUSTOMIZATION),
      tag('cbc:ProfileID', PROFILE),
      tag('cbc:ID', entry.number),
      tag('cbc:IssueDate', entry.issuedOn),
      isCredit || entry.dueOn === null ? null : tag('cbc:DueDate', entry.dueOn),
      tag(`cbc:${kind}TypeCode`, isCredit ? '381' : '380'),
      tag('cbc:DocumentCurrencyCode', entry.currency),
      tag('cbc:BuyerReference', customer.code),
      orderReference(entry),
      entry.credits === null
        ? null
        : tag('cac:BillingReference', [
            tag('cac:InvoiceDocumentReference', [tag('cbc:ID', entry.credits)]),
          ]),
      tag('cac:AccountingSupplierParty', [partyXml(seller)]),
      tag('cac:AccountingCustomerParty', [partyXml(buyer)]),
      // BR-CO-25: what is payable has a due day or terms.
      isCredit || entry.dueOn === null
        ? tag('cac:PaymentTerms', [tag('cbc:Note', isCredit ? 'Credit note' : 'As agreed')])
        : null,
      taxTotal(entry, books, money),
      tag('cac:LegalMonetaryTotal', [
        money('cbc:LineExtensionAmount', entry.net),
        money('cbc:TaxExclusiveAmount', entry.net),
        money('cbc:TaxInclusiveAmount', entry.total),
        money('cbc:PayableAmount', entry.total),
      ]),
      ...entry.lines.map((line, at) => lineXml(entry, line, at + 1, books, money)),
    ],
    {
      xmlns: `${NAMESPACE}${kind}-2`,
      'xmlns:cac': `${NAMESPACE}CommonAggregateComponents-2`,
      'xmlns:cbc': `${NAMESPACE}CommonBasicComponents-2`,
    },
  );
  return xmlFile(root);
}

type Money = (name: string, value: bigint) => Xml;

function orderReference({ poNumber, orderNumber }: Entry): Xml | null {
  if (poNumber === null && orderNumber === null) return null;
  return tag('cac:OrderReference', [
    // What the buyer does not have a number for is told so (BIS Billing 3, §6.2).
    tag('cbc:ID', poNumber ?? 'NA'),
    orderNumber === null ? null : tag('cbc:SalesOrderID', orderNumber),
  ]);
}

type TaxedAs = { percent: string; category: 'S' | UntaxedCategory };
/** What a line is taxed as. */
const taxedAs = ({ rate }: EntryLine, books: Books): TaxedAs => {
  const percent = rate ?? '0';
  const category = categoryOf(percent, books);
  if (category === null) throw new RangeError('the category is not known');
  return { percent, category };
};

function taxTotal(entry: Entry, books: Books, money: Money): Xml {
  const parts = new Map<string, { net: bigint; tax: bigint } & TaxedAs>();
  for (const line of entry.lines) {
    const as = taxedAs(line, books);
    const key = `${as.category} ${as.percent}`;
    const sum = parts.get(key) ?? { net: 0n, tax: 0n, ...as };
    parts.set(key, { ...sum, net: sum.net + line.net, tax: sum.tax + line.tax });
  }
  return tag('cac:TaxTotal', [
    money('cbc:TaxAmount', entry.tax),
    ...[...parts.values()].map(({ net, tax, percent, category }) =>
      tag('cac:TaxSubtotal', [
        money('cbc:TaxableAmount', net),
        money('cbc:TaxAmount', tax),
        categoryXml('cac:TaxCategory', percent, category, EXEMPTIONS[category]),
      ]),
    ),
  ]);
}

const categoryXml = (name: string, percent: string, category: string, reason?: string) =>
  tag(name, [
    tag('cbc:ID', category),
    tag('cbc:Percent', percent),
    reason === undefined ? null : tag('cbc:TaxExemptionReason', reason),
    tag('cac:TaxScheme', [tag('cbc:ID', 'VAT')]),
  ]);

/** A line that is told as one has no unit of the order's. */
const unitOf = (line: EntryLine, quantity: string) =>
  line.quantity !== null && plain(line.quantity) === quantity
    ? (UNITS[(line.unit ?? '').trim().toLowerCase()] ?? PIECE)
    : PIECE;

function lineXml(entry: Entry, line: EntryLine, at: number, books: Books, money: Money): Xml {
  const isCredit = entry.kind === 'credit_note';
  // A price is never below nothing (BR-27): a line that takes away has a quantity that does.
  const { quantity, unitPrice } = priced({ ...line, net: absolute(line.net) }, 1n);
  const takesAway = isCredit ? line.net > 0n : line.net < 0n;
  const { percent, category } = taxedAs(line, books);
  const description = oneLine(line.description);
  return tag(isCredit ? 'cac:CreditNoteLine' : 'cac:InvoiceLine', [
    tag('cbc:ID', String(at)),
    tag(
      isCredit ? 'cbc:CreditedQuantity' : 'cbc:InvoicedQuantity',
      takesAway ? `-${quantity}` : quantity,
      { unitCode: unitOf(line, quantity) },
    ),
    money('cbc:LineExtensionAmount', line.net),
    tag('cac:Item', [
      tag('cbc:Name', description === '' ? entry.number : description),
      line.itemCode === null
        ? null
        : tag('cac:SellersItemIdentification', [tag('cbc:ID', line.itemCode)]),
      categoryXml('cac:ClassifiedTaxCategory', percent, category),
    ]),
    tag('cac:Price', [tag('cbc:PriceAmount', unitPrice, { currencyID: entry.currency })]),
  ]);
}
