import { describe, expect, it } from 'vitest';
import { AUDIT_ACTIONS } from '../../worker/vocabulary.ts';
import { actionGroups, actionsOf, filterOf, withActions } from './audit-filter.ts';

describe('the filter of the audit', () => {
  it('is read from the address, without what is none of it', () => {
    expect(filterOf({ actor: 'system', from: '2026-01-01', to: '', cursor: 'x' })).toEqual({
      actor: 'system',
      from: '2026-01-01',
    });
  });

  it('knows its actions, whatever else somebody typed among them', () => {
    expect(actionsOf({ action: 'mail.sent,evil,link.opened' })).toEqual([
      'link.opened',
      'mail.sent',
    ]);
    expect(actionsOf({})).toEqual([]);
  });

  it('takes a whole heading, and gives up one of it', () => {
    const all = withActions(['link.opened'], ['mail.sent', 'mail.died'], true);
    expect(all).toBe('link.opened,mail.sent,mail.died');
    expect(withActions(actionsOf({ action: all }), ['mail.died'], false)).toBe(
      'link.opened,mail.sent',
    );
  });

  it('offers every action once', () => {
    expect([...actionGroups().values()].flat().sort()).toEqual([...AUDIT_ACTIONS].sort());
  });
});
