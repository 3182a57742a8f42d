import { describe, expect, it } from 'vitest';
import { bodyOf, EMPTY, flawsOf } from './change-draft.ts';

describe('a request for a change', () => {
  it('sends only what was written', () => {
    expect(
      bodyOf('contact_details', { ...EMPTY, phone: ' +48 600 ', address: 'left over' }),
    ).toEqual({
      kind: 'contact_details',
      fields: { phone: '+48 600' },
      note: null,
    });
    const moved = { ...EMPTY, address: 'Dock 4\nGdansk', note: 'From May' };
    expect(bodyOf('delivery_address', moved)).toEqual({
      kind: 'delivery_address',
      fields: { address: 'Dock 4\nGdansk' },
      note: 'From May',
    });
  });

  it('says what is missing or too much', () => {
    expect(flawsOf('contact_details', EMPTY)).toEqual(['nothing']);
    expect(flawsOf('delivery_address', { ...EMPTY, name: 'Anna' })).toEqual(['address']);
    expect(flawsOf('contact_details', { ...EMPTY, email: 'anna' })).toEqual(['email']);
    expect(flawsOf('contact_details', { ...EMPTY, email: 'anna@example.com' })).toEqual([]);
    const long = { ...EMPTY, address: '😀'.repeat(501), note: 'x'.repeat(1_001) };
    expect(flawsOf('delivery_address', long)).toEqual(['address', 'note']);
    expect(flawsOf('delivery_address', { ...EMPTY, address: '😀'.repeat(500) })).toEqual([]);
  });
});
