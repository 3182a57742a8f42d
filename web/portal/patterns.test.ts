import { describe, expect, it } from 'vitest';
import { PORTAL_PAGES } from '../../worker/vocabulary.ts';
import { SCOPE } from './patterns.ts';

describe('the scope of the portal', () => {
  it.each(PORTAL_PAGES)('has the pages of %s, with or without a query', (pattern) => {
    const path = pattern.replaceAll(':id', '01900000-0000-7000-8000-000000000000');
    expect(path).toMatch(SCOPE);
    expect(`${path}?status=active`).toMatch(SCOPE);
  });

  it.each([
    '/api/portal/customer/me/documents/1',
    '/api/portal/customer/me/orders/1/documents.zip',
    '/customer/cfl01_ACME01',
    '/admin/acme',
    '/orders/1/documents.zip',
    '/documents.zip',
    'mailto:desk@acme.example',
    '#main',
  ])('leaves %s to the browser', (href) => {
    expect(href).not.toMatch(SCOPE);
  });
});
