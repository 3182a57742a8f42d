import { describe, expect, it } from 'vitest';
import { trackingLink, trackingLinkFault } from './tracking-link.ts';

describe('where a parcel can be followed', () => {
  it('is the page of the template, with the number in its place and nowhere else', () => {
    expect(
      trackingLink('https://van.example/{tracking_number}?n={tracking_number}', '1Z 9/@?'),
    ).toBe('https://van.example/1Z9%2F%40%3F?n=1Z9%2F%40%3F');
  });

  it.each([
    'https://ups.com@evil.example/{tracking_number}',
    'https://ups.com:x@evil.example/{tracking_number}',
    'https://{tracking_number}/x',
    'https://van.example{tracking_number}/',
    'https:x/{tracking_number}',
    'http://van.example/{tracking_number}',
    'javascript:alert({tracking_number})',
    'https://van.example/{tracking_number}?balance={balance}',
    'https://van.example/',
    '',
  ])('is nowhere with %j, even where that was kept before', (template) => {
    expect(trackingLinkFault(template)).not.toBeNull();
    expect(trackingLink(template, '1Z')).toBeNull();
  });
});
