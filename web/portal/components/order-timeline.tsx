import { formatDate, formatDay } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { dayHere } from '../day-here.ts';
import { type OrderFacts, type Step, timelineOf } from '../order-timeline.ts';
import css from './order-timeline.module.css';

/** Where an order stands on its way, and when it was at each step or will be. */
export function OrderTimeline({ facts }: { facts: OrderFacts }) {
  return (
    <ol class={css.steps} aria-label={t('order.progress')}>
      {timelineOf(facts, dayHere()).map((step) => (
        <li
          key={step.name}
          class={`${css.step} ${step.name === 'cancelled' ? css.over : css[step.state]}`}
          aria-current={step.state === 'now' ? 'step' : undefined}
        >
          <span class={css.marker}>
            <Marker step={step} />
          </span>
          <span>
            <span class={css.name}>{titleOf(step)}</span> <When step={step} />
          </span>
        </li>
      ))}
    </ol>
  );
}

const NOW: Partial<Record<Step['name'], IconName>> = {
  ordered: 'clock',
  confirmed: 'box',
  shipped: 'truck',
};

function Marker({ step: { name, state } }: { step: Step }) {
  const now = state === 'now' ? NOW[name] : undefined;
  const icon = name === 'cancelled' ? 'close' : state === 'done' ? 'check' : now;
  return icon ? <Icon name={icon} /> : null;
}

function titleOf({ name }: Step): string {
  return name === 'ordered' || name === 'confirmed' ? t(`order.${name}`) : t(`orderStatus.${name}`);
}

function When({ step: { name, state, at, late, parcels } }: { step: Step }) {
  const date = at && (at.length > 10 ? formatDate(at) : formatDay(at));
  return (
    <>
      <span class={css.when}>
        {state === 'done' && date && <span class="unseen">{t('order.done')}, </span>}
        {state === 'done' && (date || t('order.done'))}
        {state === 'now' && (date ? t('order.nowSince', { date }) : t('order.now'))}
        {state === 'unsaid' && t('order.unsaid')}
        {state === 'expected' &&
          (date ? t(late ? 'order.wasDue' : 'order.due', { date }) : t('order.toCome'))}
      </span>
      {parcels && (
        <span class={css.when}>
          {' '}
          {t(name === 'shipped' ? 'order.parcelsSent' : 'order.parcelsThere', {
            some: parcels.count,
            count: parcels.of,
          })}
        </span>
      )}
    </>
  );
}
