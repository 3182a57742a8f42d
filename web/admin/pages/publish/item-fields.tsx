import {
  CANONICAL_FIELDS,
  type CanonicalField,
  EXPOSABLE_FIELDS,
  type ExposableField,
} from '../../../../worker/vocabulary.ts';
import type { Fields, ReviewItem } from '../../types.ts';
import { fieldValue, joined, t } from '../../words.ts';
import items from './items.module.css';
import css from './review.module.css';

const ALL = Object.keys(CANONICAL_FIELDS) as CanonicalField[]; // a const record's keys
const IN_TITLE: readonly CanonicalField[] = [
  'customer_name',
  'contact_email',
  'order_number',
  'tracking_number',
  'invoice_number',
  'payment_number',
  'document_number',
];

/**
 * What an item says, field by field. Of what was there before only the changes are spelt out; what
 * this customer is not shown is named, so that nobody has to guess what goes out.
 */
export function ItemFields({
  item,
  exposed,
}: {
  item: ReviewItem;
  exposed: readonly ExposableField[];
}) {
  const { fields, before, change } = item;
  const said = ALL.filter((field) => fields[field] !== undefined);
  const isKept = (field: CanonicalField) =>
    (EXPOSABLE_FIELDS as readonly string[]).includes(field) &&
    !(exposed as readonly string[]).includes(field);
  const kept = said.filter(isKept);
  const shown = said.filter((field) => !isKept(field));
  const changed = before ? shown.filter((field) => fields[field] !== before[field]) : [];
  const rest = shown.filter(
    (field) => !changed.includes(field) && (before !== null || !IN_TITLE.includes(field)),
  );
  return (
    <>
      {changed.length > 0 && before && (
        <dl class={items.changes}>
          {changed.map((field) => (
            <div key={field}>
              <dt>{t(`fields.${field}`)}</dt>
              <dd>
                <del>
                  <span class="unseen">{t('review.before')} </span>
                  {wordsOf(before, field)}
                </del>
                <span aria-hidden="true"> → </span>
                <ins>
                  <span class="unseen">{t('review.after')} </span>
                  {wordsOf(fields, field)}
                </ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {rest.length > 0 &&
        (change === 'new' ? (
          <Values fields={fields} shown={rest} />
        ) : (
          <details class={items.rest}>
            <summary>{t('review.unchanged', { count: rest.length })}</summary>
            <Values fields={fields} shown={rest} />
          </details>
        ))}
      {kept.length > 0 && (
        <p class={css.soft}>
          {t('review.keptBack')}: {joined(kept.map((field) => t(`fields.${field}`)))}
        </p>
      )}
    </>
  );
}

function Values({ fields, shown }: { fields: Fields; shown: readonly CanonicalField[] }) {
  return (
    <dl class={items.values}>
      {shown.map((field) => (
        <div key={field}>
          <dt>{t(`fields.${field}`)}</dt>
          <dd>{wordsOf(fields, field)}</dd>
        </div>
      ))}
    </dl>
  );
}

function wordsOf(fields: Fields, field: CanonicalField): string {
  const value = fields[field];
  return value === undefined || value === '' ? t('review.empty') : fieldValue(field, value);
}
