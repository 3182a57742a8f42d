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
    unstampedKinds: [],
  });
  expect(
    changedSettings(loaded, { ...loaded, trackingLinks: { ...loaded.trackingLinks } }),
  ).toEqual({});
  expect(changedSettings(loaded, { ...loaded, hasLogo: true })).toEqual({});
});
