import { useEffect } from 'preact/hooks';
import { useLocation, useTitle } from '../../lib/router.tsx';
import { Card } from '../../ui/card.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Header, MAIN_ID } from '../../ui/header.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { signOut } from '../components/shell.tsx';
import { pathsOf } from '../org.ts';
import type { Entrance } from '../types.ts';
import { useResource } from '../use-resource.ts';
import { t } from '../words.ts';
import css from './choose-org.module.css';

/** The door: who works for one supplier goes straight in. */
export function ChooseOrg() {
  useTitle(t('orgs.title'), t('app.name'));
  const { query, route } = useLocation();
  const entrance = useResource<Entrance>('/api/admin');
  const orgs = entrance.value?.orgs;
  const [only] = orgs?.length === 1 && !query.choose ? orgs : [];
  useEffect(() => {
    if (only) route(pathsOf(only.slug).publishes, true);
  }, [only, route]);
  const email = entrance.value?.email;
  return (
    <>
      <Header
        name={t('app.name')}
        home="/admin"
        homeLabel={`${t('app.name')}, ${t('app.console')}`}
        onSignOut={signOut}
      />
      <main id={MAIN_ID} class={css.main} tabIndex={-1}>
        <h1>{t('orgs.title')}</h1>
        {email && <p class={css.who}>{t('orgs.signedInAs', { email })}</p>}
        {entrance.error && <ErrorNote error={entrance.error} retry={entrance.reload} />}
        {(entrance.value === undefined || only) && !entrance.error && <Skeleton lines={4} />}
        {orgs?.length === 0 && (
          <Empty
            title={t('orgs.empty.title')}
            text={t('orgs.empty.text', { email: email ?? '' })}
            icon="lock"
          />
        )}
        {orgs && orgs.length > 0 && !only && (
          <ul class={css.orgs}>
            {orgs.map((org) => (
              <li key={org.slug}>
                <Card>
                  <a class={css.org} href={pathsOf(org.slug).publishes}>
                    <span class={css.name}>{org.name}</span>
                    <span class={css.role}>{t(`roles.${org.role}`)}</span>
                    <Icon name="arrowNext" />
                  </a>
                </Card>
              </li>
            ))}
          </ul>
        )}
      </main>
    </>
  );
}
