import { EXPOSABLE_FIELDS } from '../../../../worker/vocabulary.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import type { ReviewCustomer, ReviewItem } from '../../types.ts';
import { t } from '../../words.ts';
import { ItemFields } from './item-fields.tsx';
import { type FileBeside, ItemFile } from './item-file.tsx';
import { ItemLeave } from './item-leave.tsx';
import { ItemOverride } from './item-override.tsx';
import { titleOf } from './item-title.ts';
import items from './items.module.css';
import css from './review.module.css';
import { leftWith } from './review-changes.ts';

const CHANGE_LOOKS: Record<ReviewItem['change'], { tone: Tone; icon: IconName }> = {
  new: { tone: 'news', icon: 'note' },
  changed: { tone: 'news', icon: 'pen' },
  same: { tone: 'plain', icon: 'check' },
  revision: { tone: 'warn', icon: 'copy' },
  conflict: { tone: 'bad', icon: 'warning' },
};

/** One staged item: what it says, what was there before, what is wrong, and its PDF beside it. */
export function ReviewItemRow({
  item,
  heading,
  customer,
  publishId,
  order,
  beside,
  onReach,
  onTick,
  onOverride,
  onLeave,
}: {
  item: ReviewItem;
  /** The customer's name, above the first of their items. */
  heading: string | null;
  /** Undefined while it is not known; then nothing is said of what is kept from them. */
  customer: ReviewCustomer | undefined;
  publishId: string;
  /** The order that the item belongs to, where it is on the screen. */
  order: ReviewItem | undefined;
  beside: FileBeside | null;
  /** The focus has come to it. */
  onReach: () => void;
  onTick: (ticked: boolean) => void;
  /** Asks for a reason, or takes what was given back. */
  onOverride: (what: 'ask' | 'takeBack') => void;
  onLeave: (excluded: boolean) => void;
}) {
  const { kind, orderKey, line, change, problems } = item;
  const isOfOrder = orderKey !== null && kind !== 'order';
  return (
    <li class={heading === null ? undefined : items.first}>
      {heading !== null && <h3 class={items.group}>{heading}</h3>}
      <article
        class={[items.item, lookOf(item)].filter(Boolean).join(' ')}
        aria-label={titleOf(item)}
        tabIndex={-1}
        data-item
        onFocusIn={onReach}
      >
        <header class={items.what}>
          <p class={items.kind}>{t(`items.${kind}`)}</p>
          <h4 class={items.itemTitle}>{titleOf(item)}</h4>
          <p class={css.soft}>
            {t('review.line', { line: String(line) })}
            {isOfOrder && <>, {t('review.order', { number: orderKey })}</>}
          </p>
        </header>
        <div class={items.content}>
          <ItemFields item={item} exposed={customer?.fields ?? EXPOSABLE_FIELDS} />
          {problems.length > 0 && <ProblemList problems={problems} />}
          {(!item.excluded || item.override !== null) && (
            <ItemOverride item={item} onOverride={onOverride} />
          )}
        </div>
        <div class={items.side}>
          <p class={items.badges}>
            <Badge {...CHANGE_LOOKS[change]}>{t(`changes.${change}`)}</Badge>
            <Outcome item={item} />
          </p>
          {kind === 'document' && <ItemFile item={item} publishId={publishId} beside={beside} />}
          {item.needsTick && !item.blocked && !item.excluded && (
            <label class={css.check}>
              <input
                type="checkbox"
                data-press="tick"
                checked={item.ticked}
                onChange={(event) => onTick(event.currentTarget.checked)}
              />
              {t(`reviewTick.${tickOf(item)}`)}
            </label>
          )}
          <ItemLeave item={item} leftWith={leftWith(item, customer, order)} onLeave={onLeave} />
        </div>
      </article>
    </li>
  );
}

/** What a tick lets happen. */
function tickOf({ kind, change }: ReviewItem): 'contact' | 'revision' | 'withdrawn' {
  if (kind === 'contact') return 'contact';
  return change === 'revision' ? 'revision' : 'withdrawn';
}

function lookOf({ excluded, blocked }: ReviewItem): string | undefined {
  if (excluded) return items.itemOut;
  return blocked ? items.itemBlocked : undefined;
}

function Outcome({ item }: { item: ReviewItem }) {
  if (item.excluded) {
    return (
      <Badge tone="plain" icon="close">
        {t('reviewLeave.is')}
      </Badge>
    );
  }
  if (item.blocked) {
    return (
      <Badge tone="bad" icon="cross">
        {t('review.blocked')}
      </Badge>
    );
  }
  return item.passes ? (
    <Badge tone="good" icon="check">
      {t('review.passes')}
    </Badge>
  ) : (
    <Badge tone="warn" icon="clock">
      {t('review.waits')}
    </Badge>
  );
}
