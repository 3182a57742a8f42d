import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { useOrg } from '../../org.ts';
import type { Contact, LinkRow, LinkState } from '../../types.ts';
import { t } from '../../words.ts';
import type { Asked } from './contact-dialogs.tsx';
import css from './customer.module.css';
import { LetterNote } from './letter-note.tsx';

const LOOKS: Record<LinkState, { tone: Tone; icon: IconName }> = {
  active: { tone: 'good', icon: 'check' },
  rotated: { tone: 'warn', icon: 'returned' },
  expired: { tone: 'plain', icon: 'clock' },
  revoked: { tone: 'plain', icon: 'cross' },
};

/** Links of one person; only their last four characters are known. */
export function LinkTable({
  caption,
  links,
  contact,
  onAsk,
}: {
  caption: string;
  links: LinkRow[];
  contact: Contact;
  onAsk: (asked: Asked) => void;
}) {
  const { moment, date } = useOrg();
  const columns: Column<LinkRow>[] = [
    {
      id: 'link',
      label: t('link.ending'),
      main: true,
      cell: (link) => (
        <>
          <span class={css.last4}>…{link.last4}</span>
          {link.label && <> {link.label}</>}
          <LetterNote letter={link.letter} />
        </>
      ),
    },
    {
      id: 'state',
      label: t('link.state'),
      aside: true,
      cell: (link) => <Badge {...LOOKS[link.state]}>{t(`linkStates.${link.state}`)}</Badge>,
    },
    { id: 'scope', label: t('link.scope'), cell: (link) => t(`linkScopes.${link.scope}`) },
    {
      id: 'made',
      label: t('link.made'),
      cell: (link) =>
        t('publishes.byAt', {
          name: link.createdBy ?? t('link.bySystem'),
          at: date(link.createdAt),
        }),
    },
    { id: 'until', label: t('link.until'), cell: (link) => date(link.expiresAt) },
    {
      id: 'used',
      label: t('link.used'),
      cell: (link) => {
        if (link.lastUsedAt) return moment(link.lastUsedAt);
        return link.openedAt
          ? t('link.openedNotUsed', { at: date(link.openedAt) })
          : t('link.neverOpened');
      },
    },
    {
      id: 'actions',
      label: t('link.actions'),
      cell: (link) =>
        link.state === 'active' || link.state === 'rotated' ? (
          <span class={css.rowActions}>
            {link.state === 'active' && link.purpose === 'standing' && (
              <Button
                aria-label={t('link.rotateOne', { last4: link.last4 })}
                onClick={() => onAsk({ what: 'rotate', contact, link })}
              >
                {t('link.rotate')}
              </Button>
            )}
            <Button
              kind="danger"
              aria-label={t('link.revokeOne', { last4: link.last4 })}
              onClick={() => onAsk({ what: 'revoke', contact, link })}
            >
              {t('link.revoke')}
            </Button>
          </span>
        ) : null,
    },
  ];
  return (
    <div class={css.links}>
      <Table caption={caption} columns={columns} rows={links} rowKey={(link) => link.id} />
    </div>
  );
}
