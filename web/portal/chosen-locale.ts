import { send } from '../lib/api.ts';
import { onLocaleChosen } from '../lib/i18n.ts';
import { expire } from '../lib/resource.ts';
import { knownVisit } from './components/shell.tsx';

/**
 * A language that a person chooses is theirs in the supplier's letters too. Nobody waits for that, and
 * where it fails the portal is in their language all the same. A preview chooses for nobody.
 */
export function keepChosenLocale(): void {
  onLocaleChosen((language) => {
    const visit = knownVisit();
    if (!visit || visit.link.isPreview) return;
    send('PUT', 'preferences', { language })
      .then(() => expire('details'))
      .catch(() => undefined);
  });
}
