import { useState } from 'preact/hooks';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { Member } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { type Editing, MemberDialog } from './member-dialog.tsx';

/** The supplier's people and machines, and what each may do. */
export function Members() {
  const { paths, member: me, isOwner } = useOrg();
  const members = useResource<{ members: Member[] }>(paths.api('members'));
  const [editing, setEditing] = useState<Editing>(null);
  const columns: Column<Member>[] = [
    {
      id: 'name',
      label: t('members.name'),
      main: true,
      cell: ({ id, name }) => (id === me.id ? `${name} (${t('members.you')})` : name),
    },
    {
      id: 'active',
      label: t('members.active'),
      aside: true,
      cell: ({ active }) =>
        active ? (
          <Badge tone="good" icon="check">
            {t('members.active')}
          </Badge>
        ) : (
          <Badge icon="cross">{t('members.inactive')}</Badge>
        ),
    },
    {
      id: 'identity',
      label: t('members.identity'),
      wide: true,
      cell: ({ email, serviceName }) =>
        serviceName === null ? email : t('members.service', { name: serviceName }),
    },
    { id: 'role', label: t('members.role'), cell: ({ role }) => t(`roles.${role}`) },
    {
      id: 'language',
      label: t('members.language'),
      cell: ({ language }) => t(`languages.${language}`),
    },
    {
      id: 'edit',
      label: t('members.edit'),
      cell: (member) =>
        isOwner ? (
          <Button
            aria-label={t('members.editOne', { name: member.name })}
            onClick={() => setEditing(member)}
          >
            {t('members.edit')}
          </Button>
        ) : null,
    },
  ];
  return (
    <Section
      id="members"
      title={t('members.title')}
      actions={isOwner && <Button onClick={() => setEditing('new')}>{t('members.add')}</Button>}
    >
      {members.error && <ErrorNote error={members.error} retry={members.reload} />}
      {!members.value && !members.error && <Skeleton lines={4} />}
      {members.value && (
        <Table
          caption={t('members.title')}
          columns={columns}
          rows={members.value.members}
          rowKey={({ id }) => id}
        />
      )}
      <MemberDialog editing={editing} onClose={() => setEditing(null)} onSaved={members.reload} />
    </Section>
  );
}
