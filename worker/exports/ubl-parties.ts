/** Who sells and who buys, as Peppol BIS Billing 3 wants them told. */
import type { Entry } from './entries.ts';
import type { Books } from './export-row.ts';
import { oneLine } from './sheet.ts';
import { tag, type Xml } from './xml.ts';

type Party = {
  name: string;
  /** Of Peppol's list of schemes; `EM` is an e-mail address. */
  endpoint: { scheme: string; id: string };
  /** ISO 3166-1 alpha-2. */
  country: string;
  taxId: string | null;
  address: string | null;
};

/** `0088:7300010000001`, else an e-mail address; null when there is neither. */
function endpointOf(code: string | undefined, email: string | null): Party['endpoint'] | null {
  const [, scheme, id] = /^([0-9A-Z]{2,4}):(.+)$/.exec(code ?? '') ?? [];
  if (scheme !== undefined && id !== undefined) return { scheme, id };
  return email === null ? null : { scheme: 'EM', id: email };
}

/** With its country before it, as BR-CO-09 has it; null for what holds no letter and no digit. */
function taxIdOf(taxId: string | null | undefined, country: string): string | null {
  if (!/[0-9A-Za-z]/.test(taxId ?? '')) return null;
  const bare = (taxId ?? '').replace(/[\s.-]/g, '').toUpperCase();
  return /^[A-Z]{2}/.test(bare) ? bare : `${country}${bare}`;
}

const COUNTRY = /^[A-Z]{2}$/;

type SellerCode = 'sellerTaxId' | 'sellerCountry' | 'sellerEndpoint';
type Seller = Party & { taxId: string };

/**
 * The supplier, or the codes that do not say enough of it. An e-mail address of the supplier's stands in for
 * its endpoint. portal.seller_is_known decides alike.
 */
export function sellerOf({ supplier, codes }: Books): { missing: SellerCode[] } | Seller {
  const endpoint = endpointOf(codes.sellerEndpoint, supplier.email);
  const country = codes.sellerCountry ?? '';
  const taxId = taxIdOf(codes.sellerTaxId, country);
  const isCountry = COUNTRY.test(country);
  if (endpoint === null || taxId === null || !isCountry) {
    const missing: SellerCode[] = [];
    if (taxId === null) missing.push('sellerTaxId');
    if (!isCountry) missing.push('sellerCountry');
    if (endpoint === null) missing.push('sellerEndpoint');
    return { missing };
  }
  return { name: supplier.name, address: supplier.address, endpoint, country, taxId };
}

/** The customer; in the supplier's books every document has its own. Null when too little is known of it. */
export function buyerOf({ customer }: Entry, { side, codes }: Books): Party | null {
  const own = side === 'purchases' ? codes : {};
  const endpoint = endpointOf(own.buyerEndpoint, customer.email);
  const country = own.buyerCountry ?? customer.country ?? '';
  if (endpoint === null || !COUNTRY.test(country)) return null;
  const taxId = taxIdOf(own.buyerTaxId ?? customer.taxId, country);
  return { name: customer.name, address: null, endpoint, country, taxId };
}

/** A party as `cac:Party`, for its seller or its buyer. */
export function partyXml({ name, endpoint, country, taxId, address }: Party): Xml {
  const line = oneLine(address ?? '');
  return tag('cac:Party', [
    tag('cbc:EndpointID', endpoint.id, { schemeID: endpoint.scheme }),
    tag('cac:PartyName', [tag('cbc:Name', oneLine(name))]),
    tag('cac:PostalAddress', [
      line === '' ? null : tag('cbc:StreetName', line),
      tag('cac:Country', [tag('cbc:IdentificationCode', country)]),
    ]),
    taxId === null
      ? null
      : tag('cac:PartyTaxScheme', [
          tag('cbc:CompanyID', taxId),
          tag('cac:TaxScheme', [tag('cbc:ID', 'VAT')]),
        ]),
    tag('cac:PartyLegalEntity', [tag('cbc:RegistrationName', oneLine(name))]),
  ]);
}
