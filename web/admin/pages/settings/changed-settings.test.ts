import { expect, it } from 'vitest';
import type { Settings } from '../../types.ts';
import { changedSettings } from './changed-settings.ts';

// sound: it compares whatever there is
const loaded = {
  name: 'Acme',
  colour: '#102030',
  unstampedKinds: ['invoice'],
  trackingLinks: { FedEx: 'https://fedex.example/{number}' },
  hasLogo: false,
} as unknown as Settings;

it('sends only what the form changed', () => {
  expect(changedSettings(loaded, { ...loaded, colour: '#ffffff' })).toEqual({ colour: '#ffffff' });
  expect(changedSettings(loaded, { ...loaded, unstampedKinds: [] })).toEqual({
    unstampedKinds: { invoice: false },
  });
  expect(
    changedSettings(loaded, { ...loaded, trackingLinks: { ...loaded.trackingLinks } }),
  ).toEqual({});
  expect(changedSettings(loaded, { ...loaded, hasLogo: true })).toEqual({});
});

it('sends of a list what the form changed of it: the rest may be another owner’s by now', () => {
  const kinds = { ...loaded, unstampedKinds: ['packing_slip' as const, 'invoice' as const] };
  expect(changedSettings(loaded, kinds)).toEqual({ unstampedKinds: { packing_slip: true } });
  const link = 'https://dpd.example/{number}';
  expect(
    changedSettings(loaded, { ...loaded, trackingLinks: { ...loaded.trackingLinks, DPD: link } }),
  ).toEqual({ trackingLinks: { DPD: link } });
  expect(changedSettings(loaded, { ...loaded, trackingLinks: { 'Fed Ex': link } })).toEqual({
    trackingLinks: { FedEx: null, 'Fed Ex': link },
  });
});
