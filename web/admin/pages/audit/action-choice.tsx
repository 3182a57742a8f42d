import { Icon } from '../../../ui/icon.tsx';
import { type AuditFilter, actionGroups, actionsOf, withActions } from '../../audit-filter.ts';
import { t } from '../../words.ts';
import css from './audit.module.css';

/** Which actions: any of those that are ticked, each alone or all under a heading. */
export function ActionChoice({
  filter,
  onChoose,
}: {
  filter: AuditFilter;
  onChoose: (action: string) => void;
}) {
  const chosen = actionsOf(filter);
  return (
    <details class={css.actions}>
      <summary>
        <Icon name="chevron" />
        {chosen.length === 0 ? t('audit.anyAction') : t('audit.actions', { count: chosen.length })}
      </summary>
      <div class={css.groups}>
        {[...actionGroups()].map(([group, actions]) => {
          const ticked = actions.filter((each) => chosen.includes(each)).length;
          return (
            <fieldset key={group}>
              <legend class="unseen">{t(`actionGroups.${group}`)}</legend>
              <label class={css.group}>
                <input
                  type="checkbox"
                  checked={ticked === actions.length}
                  indeterminate={ticked > 0 && ticked < actions.length}
                  onChange={(event) =>
                    onChoose(withActions(chosen, actions, event.currentTarget.checked))
                  }
                />
                {t(`actionGroups.${group}`)}
              </label>
              {actions.map((each) => (
                <label key={each}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(each)}
                    onChange={(event) =>
                      onChoose(withActions(chosen, [each], event.currentTarget.checked))
                    }
                  />
                  {t(`actions.${each}`)}
                </label>
              ))}
            </fieldset>
          );
        })}
      </div>
    </details>
  );
}
