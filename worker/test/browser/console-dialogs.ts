/** Every question that the console asks in a dialog: where, and what opens it. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { csvOf, pdfOf } from '../cast.ts';
import type { RunFile } from './run-product.ts';
import { apiOf, stage } from './staff.ts';

/** What the addresses name. */
export type Asked = { staged: string; approved: string; customer: string; issue: string };

type Opening = {
  /** The file in web/admin/pages that draws it. */
  file: string;
  /** Below the console's root. */
  address: (asked: Asked) => string;
  /** The control that opens it, once it is there to be pressed. */
  opener: (page: Page) => Locator | Promise<Locator>;
  /** What is done in it before it is looked at. */
  within?: (dialog: Locator) => Promise<void>;
};

const button = (name: string | RegExp) => (page: Page) =>
  page.getByRole('button', { name }).first();
const review = ({ staged }: Asked) => `acme/publishes/${staged}`;
const outcome = ({ approved }: Asked) => `acme/publishes/${approved}`;
const ofCustomer = ({ customer }: Asked) => `acme/customers/${customer}`;

/** Opens what is folded, and gives the button in it. */
const folded = (summary: string | RegExp, name: RegExp) => async (page: Page) => {
  const fold = page.locator('details').filter({
    has: page.locator('summary').filter({ hasText: summary }),
  });
  await fold.first().locator('summary').press('Enter');
  return fold.first().getByRole('button', { name }).first();
};

export const OPENINGS: Record<string, Opening> = {
  'an override': {
    file: 'publish/override-dialog.tsx',
    address: review,
    opener: button(/^Override… /),
  },
  'sending a publish back': {
    file: 'publish/reject-dialog.tsx',
    address: review,
    opener: button('Send back…'),
  },
  'an approval': {
    file: 'publish/approve-dialog.tsx',
    address: review,
    opener: button('Approve…'),
  },
  'the keys of a review': {
    file: 'publish/keys-dialog.tsx',
    address: review,
    opener: button('Keys'),
  },
  'what a customer sees': {
    file: 'publish/exposure-dialog.tsx',
    address: review,
    opener: folded('kinds', /^Change what/),
  },
  'withdrawing all of a publish': {
    file: 'publish/withdraw-dialog.tsx',
    address: outcome,
    opener: button('Withdraw all of it…'),
  },
  "withdrawing a customer's part": {
    file: 'publish/withdraw-dialog.tsx',
    address: outcome,
    opener: button(/^Withdraw: /),
  },
  'withdrawing one document': {
    file: 'publish/withdraw-dialog.tsx',
    address: outcome,
    opener: folded('Documents', /^Withdraw: /),
  },
  'a new link': {
    file: 'customer/contact-dialogs.tsx',
    address: ofCustomer,
    opener: button('New link…'),
  },
  'the new link, shown once': {
    file: 'customer/link-once.tsx',
    address: ofCustomer,
    opener: async (page) => {
      await button('New link…')(page).press('Enter');
      return page.getByRole('dialog').getByRole('button', { name: 'Make the link' });
    },
    within: async (dialog) => {
      const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
      // It is never shown again: nothing closes it by the way.
      expect(await dialog.getByRole('button', { name: 'Close' }).count()).toBe(0);
      for (let pressed = 0; pressed < 3; pressed += 1) await dialog.page().keyboard.press('Escape');
      expect(await dialog.getByLabel('Link', { exact: true }).inputValue()).toBe(link);
      expect(await dialog.isVisible()).toBe(true);
      await dialog.getByRole('button', { name: 'Copy', exact: true }).press('Enter');
      await dialog.getByText('Copied.').waitFor();
      const copied = await dialog.page().evaluate(() => navigator.clipboard.readText());
      expect(copied).toBe(link);
    },
  },
  'replacing a link': {
    file: 'customer/contact-dialogs.tsx',
    address: ofCustomer,
    opener: button(/^Replace the link/),
  },
  'revoking a link': {
    file: 'customer/contact-dialogs.tsx',
    address: ofCustomer,
    opener: button(/^Revoke the link/),
  },
  'revoking all links': {
    file: 'customer/revoke-all.tsx',
    address: ofCustomer,
    opener: button('Revoke all links…'),
  },
  "ending a person's access": {
    file: 'customer/contact-dialogs.tsx',
    address: ofCustomer,
    opener: button('End access…'),
  },
  'writing to an address again': {
    file: 'customer/mail-state.tsx',
    address: ofCustomer,
    opener: button('Write to this address again…'),
  },
  'a look as a customer, where no tab opens': {
    file: 'customer/see-as.tsx',
    address: ofCustomer,
    opener: async (page) => {
      await page.evaluate('window.open = () => null');
      return button(/^See as this customer/)(page);
    },
  },
  'links for many': {
    file: 'customers/send-links.tsx',
    address: () => 'acme/customers',
    opener: async (page) => {
      await page.getByLabel('Select all shown').check();
      return button('Send links…')(page);
    },
  },
  'a new member': {
    file: 'settings/member-dialog.tsx',
    address: () => 'acme/settings',
    opener: button('Add a member'),
  },
  'what a member may do': {
    file: 'settings/member-dialog.tsx',
    address: () => 'acme/settings',
    opener: button('Change Clara'),
  },
  'news of a shipment': {
    file: 'shipments/add-event.tsx',
    address: () => 'acme/shipments',
    opener: button(/^Add what you know/),
  },
  'a photo of an issue': {
    file: 'issue/photos.tsx',
    address: ({ issue }) => `acme/issues/${issue}`,
    opener: button(/^Photo 1: box/),
    // Its size on the screen is known once it is there.
    within: (dialog) =>
      dialog.getByRole('img').evaluate((image: HTMLImageElement) => image.decode()),
  },
  'declining a change request': {
    file: 'change-requests/decline-dialog.tsx',
    address: () => 'acme/change-requests',
    opener: button(/^Decline the request/),
  },
};

/** Stages an order whose PDF carries something behind its end: what an approver may override. */
export function stageDoubtful(run: RunFile): Promise<string> {
  const order = { customer_code: 'ASKED', order_number: 'SO-ASKED' };
  const csv = csvOf([
    {
      customer_code: 'ASKED',
      customer_name: 'Asked Ltd',
      contact_name: 'Ann Asked',
      contact_email: 'ann@asked.example',
    },
    { ...order, order_date: '2026-11-02' },
    {
      ...order,
      document_kind: 'packing_slip',
      document_number: 'PS-ASKED',
      document_date: '2026-11-03',
      file_name: 'PS-ASKED.pdf',
    },
  ]);
  const pdf = Buffer.concat([
    pdfOf('Packing slip PS-ASKED Asked Ltd'),
    Buffer.from('<html></html>'),
  ]);
  return stage(run, 'Asked about', csv, { 'PS-ASKED.pdf': pdf });
}

/** Stages an order, and sends it back after a look. */
export async function stageRejected(run: RunFile, reason: string): Promise<string> {
  const order = { order_number: 'SO-BACK', order_date: '2026-11-02' };
  const csv = csvOf([{ customer_code: 'BACK', customer_name: 'Back Ltd', ...order }]);
  const id = await stage(run, 'Sent back', csv);
  const approver = apiOf(run, 'approver');
  await approver.get(`publishes/${id}/review`);
  await approver.send('POST', `publishes/${id}/rejection`, { reason });
  return id;
}
