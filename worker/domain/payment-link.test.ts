import { describe, expect, it } from 'vitest';
import { paymentLink, paymentLinkFault } from './payment-link.ts';

const NAMED = {
  invoice_number: 'FV/1 & 2?#',
  balance: '10.50',
  currency: 'EUR',
  customer_code: 'ŁÓDŹ-1',
};

describe('where an invoice can be paid', () => {
  it('names the invoice in the address, and nothing of it leaves its place', () => {
    const template =
      'https://pay.acme.example/{customer_code}?i={invoice_number}&amount={balance}&c={currency}';
    expect(paymentLink(template, NAMED)).toEqual({
      url: 'https://pay.acme.example/%C5%81%C3%93D%C5%B9-1?i=FV%2F1%20%26%202%3F%23&amount=10.50&c=EUR',
      host: 'pay.acme.example',
    });
  });

  it('is nowhere without a template, or with one that is not sound', () => {
    expect(paymentLink(null, NAMED)).toBeNull();
    expect(paymentLink('http://pay.acme.example/', NAMED)).toBeNull();
  });

  it('is spelled as it is, even where a number is half a letter', () => {
    const found = paymentLink('https://a.example/{invoice_number}', {
      ...NAMED,
      invoice_number: '\ud800',
    });
    expect(found?.url).toBe('https://a.example/%EF%BF%BD');
  });

  it.each([
    'https://pay.acme.example',
    'https://pay.acme.example:8443/a?b={balance}#c={invoice_number}',
    'https://bücher.example/{invoice_number}',
  ])('may be %s', (template) => expect(paymentLinkFault(template)).toBeNull());

  it.each([
    'http://pay.acme.example/{invoice_number}',
    'javascript:alert(1)//{balance}',
    'https:/pay.acme.example',
    'HTTPS:\\\\pay.acme.example',
    '//pay.acme.example',
    'https://user:pass@pay.acme.example/',
    'https://acme.example@evil.example/',
    'https://{customer_code}.acme.example/',
    'https://acme.example{invoice_number}/',
    'https://pay.acme.example:{balance}/',
    'https://pay.acme.example/{iban}',
    'https://pay.acme.example/{',
    'https://pay.acme.example/}{',
    'https://pay.acme.example/a b',
    'https://',
    'pay here',
    '',
  ])('may not be %j', (template) => expect(paymentLinkFault(template)).not.toBeNull());
});
