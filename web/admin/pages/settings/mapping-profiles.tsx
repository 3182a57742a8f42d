import { send } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { toast } from '../../../ui/toast.tsx';
import { Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { MappingProfile } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './settings.module.css';

const NAMES_SHOWN = 4;

/** A profile by the file's own names for its columns. */
function headerWords({ header }: MappingProfile): string {
  if (header.length === 0) return t('profiles.headerUnknown');
  const names = header.slice(0, NAMES_SHOWN).join(', ');
  const more = header.length - NAMES_SHOWN;
  return more > 0 ? t('profiles.headerMore', { names, count: more }) : names;
}

/** What is remembered of files by their headers, and may be forgotten. */
export function MappingProfiles() {
  const { paths, moment } = useOrg();
  const profiles = useResource<{ profiles: MappingProfile[] }>(paths.api('mapping-profiles'));
  const { isBusy, error, run } = useTask();
  const forget = ({ id }: MappingProfile) =>
    run(async () => {
      await send('DELETE', paths.api(`mapping-profiles/${encodeURIComponent(id)}`));
      toast(t('profiles.forgotten'));
      await profiles.reload();
    });
  const columns: Column<MappingProfile>[] = [
    { id: 'header', label: t('profiles.header'), main: true, cell: headerWords },
    {
      id: 'columns',
      label: t('profiles.columns'),
      cell: ({ reading: { fields } }) =>
        t('profiles.columnsOf', {
          used: fields.filter((field) => field !== null).length,
          count: fields.length,
        }),
    },
    {
      id: 'used',
      label: t('profiles.used'),
      cell: ({ by, usedAt }) => t('publishes.byAt', { name: by, at: moment(usedAt) }),
    },
    {
      id: 'forget',
      label: t('profiles.forget'),
      cell: (profile) => (
        <Button
          busy={isBusy}
          aria-label={t('profiles.forgetOne', { name: headerWords(profile) })}
          onClick={() => void forget(profile)}
        >
          {t('profiles.forget')}
        </Button>
      ),
    },
  ];
  const rows = profiles.value?.profiles;
  return (
    <Section id="profiles" title={t('profiles.title')} note={t('profiles.note')}>
      {profiles.error && <ErrorNote error={profiles.error} retry={profiles.reload} />}
      {error && <ErrorNote error={error} />}
      {!rows && !profiles.error && <Skeleton lines={3} />}
      {rows?.length === 0 && <p class={css.soft}>{t('profiles.empty')}</p>}
      {rows && rows.length > 0 && (
        <Table
          caption={t('profiles.title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
        />
      )}
    </Section>
  );
}
