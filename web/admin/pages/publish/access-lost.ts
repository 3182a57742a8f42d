/** Whom a withdrawal takes their access, as one list of names. */
import type { AccessLost } from '../../types.ts';
import { joined, t } from '../../words.ts';

const NAMED_MAX = 5;

/** The first of them with their customers, and how many more there are. */
export function namesOf({ count, people }: AccessLost): string {
  const named = people
    .slice(0, NAMED_MAX)
    .map(({ name, email, customer }) =>
      t('decidedWithdraw.person', { name: name === null ? email : `${name}, ${email}`, customer }),
    );
  const more = count - named.length;
  return joined(more > 0 ? [...named, t('decidedWithdraw.morePeople', { count: more })] : named);
}
