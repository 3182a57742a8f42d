/** Whom a withdrawal takes their access, as one list of names. */
import type { AccessLost } from '../../types.ts';
import { joined, t } from '../../words.ts';
import { someNames } from './some-names.ts';

/** The first of them with their customers, and how many more there are. */
export function namesOf({ count, people }: AccessLost): string {
  const names = people.map(({ name, email, customer }) =>
    t('decidedWithdraw.person', { name: name === null ? email : `${name}, ${email}`, customer }),
  );
  return joined(
    someNames(names, count, (more) => t('decidedWithdraw.morePeople', { count: more })),
  );
}
