/** Where a parcel can be followed: a carrier's own page, with the parcel's number in its address. */
import { paymentLinkFault } from './payment-link.ts';

const NUMBER = '{tracking_number}';

/**
 * What is wrong with a template, in words; null for one that is sound: as a payment link has to be, and it
 * says where the number goes.
 */
export function trackingLinkFault(template: string): string | null {
  return template.includes(NUMBER)
    ? paymentLinkFault(template, ['tracking_number'])
    : `must hold ${NUMBER}`;
}

/** The address where this parcel can be followed; null where the template is not sound. */
export function trackingLink(template: string, trackingNumber: string): string | null {
  if (trackingLinkFault(template) !== null) return null;
  const number = encodeURIComponent(trackingNumber.replace(/\s+/g, '').toWellFormed());
  return URL.parse(template.replaceAll(NUMBER, number))?.href ?? null;
}
