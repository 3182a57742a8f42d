import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { Settings as OrgSettings } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { LogoField } from './logo-field.tsx';
import { MappingProfiles } from './mapping-profiles.tsx';
import { Members } from './members.tsx';
import { SettingsForm } from './settings-form.tsx';

/** The supplier's own settings and people. Everyone reads them, an owner changes them. */
export function Settings() {
  const { paths, isOwner } = useOrg();
  const settings = useResource<OrgSettings>(paths.api('settings'));
  return (
    <>
      <PageHead title={t('settings.title')}>{!isOwner && <p>{t('settings.readOnly')}</p>}</PageHead>
      {settings.error && <ErrorNote error={settings.error} retry={settings.reload} />}
      {!settings.value && !settings.error && <Skeleton lines={10} />}
      {settings.value && (
        <>
          <LogoField hasLogo={settings.value.hasLogo} onChanged={settings.reload} />
          <SettingsForm settings={settings.value} onSaved={settings.reload} />
        </>
      )}
      <Members />
      <MappingProfiles />
    </>
  );
}
