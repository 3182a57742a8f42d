import { beforeAll, expect, it } from 'vitest';
import type { ProblemCode } from '../../../../worker/vocabulary.ts';
import { loadWords } from '../../../lib/i18n.ts';
import type { ReviewItem } from '../../types.ts';
import { sortRecipients, tickedWords } from './new-recipients.ts';

beforeAll(loadWords);

const contact = (key: string, codes: ProblemCode[] = [], more: Partial<ReviewItem> = {}) => ({
  kind: 'contact' as const,
  key,
  customerKey: 'ACME',
  orderKey: null,
  line: 2,
  fields: {},
  before: null,
  change: 'new' as const,
  problems: codes.map((code) => ({ code, severity: 'warning' as const, line: 2 })),
  blocked: false,
  needsTick: true,
  ticked: false,
  excluded: false,
  passes: false,
  override: null,
  file: null,
  ...more,
});
const used = contact('used', ['address_used_by_other_customer']);
const foreign = contact('foreign', ['address_used_by_other_customer', 'address_at_foreign_domain']);

it('leaves whoever has a problem to a look and a tick of their own', () => {
  const { clear, doubtful } = sortRecipients([
    contact('clear'),
    used,
    foreign,
    contact('ticked', [], { ticked: true }),
    contact('blocked', ['bad_email'], { blocked: true }),
    contact('out', ['address_at_foreign_domain'], { excluded: true }),
  ]);
  expect(clear.map(({ key }) => key)).toEqual(['clear']);
  expect(doubtful).toEqual([used, foreign]);
});

it('says how many it left, and each reason once', () => {
  expect(tickedWords(2, [used, foreign])).toBe(
    '2 items ticked. 2 new recipients each need a look and a tick of their own. ' +
      'Another customer already uses this e-mail address. ' +
      'Nobody else at this customer has an address at this domain.',
  );
  expect(tickedWords(0, [used])).toBe(
    '1 new recipient needs a look and a tick of its own. Another customer already uses this e-mail address.',
  );
  expect(tickedWords(1, [])).toBe('1 item ticked.');
  expect(tickedWords(0, [])).toBe('No new recipient was left to tick.');
});
