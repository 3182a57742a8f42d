/** Where an invoice can be paid: the supplier's own page, with the invoice's particulars in its address. */

import { PAYMENT_LINK_NAMES } from '../vocabulary.ts';

type Named = Record<(typeof PAYMENT_LINK_NAMES)[number], string>;

const NAME = /\{([^{}]*)\}/g;

/**
 * What is wrong with a template, in words; null for one that is sound. It is https, goes to one host
 * whatever the invoice says (no name stands in it), holds no user name or password, and names only what
 * there is: `names`, of a template for something else than invoices.
 */
export function paymentLinkFault(
  template: string,
  names: readonly string[] = PAYMENT_LINK_NAMES,
): string | null {
  const unknown = [...template.matchAll(NAME)]
    .map(([, name = '']) => name)
    .find((name) => !names.includes(name));
  if (unknown !== undefined) return 'names something unknown in braces';
  const plain = template.replace(NAME, '0');
  if (/[{}\s\\]/.test(plain)) return 'holds a brace, a space or a backslash';
  // Spelled out: the parser forgives what a person would not, such as one slash.
  if (!/^https:\/\/[^/?#]/.test(template)) return 'does not begin with https://';
  const url = URL.parse(plain);
  if (url === null) return 'is no address';
  if (url.username !== '' || url.password !== '') return 'holds a user name or a password';
  const host = /^https:\/\/([^/?#]*)/.exec(template)?.[1] ?? '';
  return host.includes('{') ? 'names something in its host' : null;
}

/**
 * The address where this invoice can be paid, and its host; null where the template is none, or not sound.
 *
 * @param named balance as decimal text; what stands in the address is URL-encoded
 */
export function paymentLink(
  template: string | null,
  named: Named,
): { url: string; host: string } | null {
  if (template === null || paymentLinkFault(template) !== null) return null;
  const values: Record<string, string> = named;
  const filled = template.replace(NAME, (_, name: string) =>
    encodeURIComponent((values[name] ?? '').toWellFormed()),
  );
  const url = URL.parse(filled);
  return url === null ? null : { url: url.href, host: url.host };
}
