import { Dialog } from '../../../ui/dialog.tsx';
import { t } from '../../words.ts';
import { ITEM_KEYS, KEY_ACTIONS } from './item-keys.ts';
import items from './items.module.css';
import css from './review.module.css';

const SHOWN_AS: Partial<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑' };

/** The keys of the list, and the way to do without them. */
export function KeysDialog({
  open,
  isOn,
  onTurn,
  onClose,
}: {
  open: boolean;
  isOn: boolean;
  onTurn: (on: boolean) => void;
  onClose: () => void;
}) {
  return (
    <Dialog open={open} title={t('reviewKeys.title')} onClose={onClose}>
      <dl class={items.keys}>
        {KEY_ACTIONS.map((action) => (
          <div key={action}>
            <dt>
              {ITEM_KEYS[action].map((key, at) => (
                <span key={key}>
                  {at > 0 && <> {t('reviewKeys.or')} </>}
                  <kbd>{SHOWN_AS[key] ?? key}</kbd>
                </span>
              ))}
            </dt>
            <dd>{t(`reviewKeys.${action}`)}</dd>
          </div>
        ))}
      </dl>
      <p class={css.soft}>{t('reviewKeys.arrows')}</p>
      <label class={css.check}>
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => onTurn(event.currentTarget.checked)}
        />
        {t('reviewKeys.use')}
      </label>
    </Dialog>
  );
}
