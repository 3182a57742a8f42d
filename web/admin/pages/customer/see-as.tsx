import { useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useOrg } from '../../org.ts';
import type { Contact, NewPreview } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';

/** Opens the portal as this person sees it, in a new tab; where that is blocked, a link to it. */
export function SeeAs({ contact }: { contact: Contact }) {
  const { paths } = useOrg();
  const task = useTask();
  const [url, setUrl] = useState<string | null>(null);
  const name = contact.name ?? contact.email;
  const begin = () =>
    task.run(async () => {
      // Asked for while the click still counts: a tab that opens by itself later is blocked.
      const tab = window.open('', '_blank');
      try {
        const { url: begun } = await send<NewPreview>('POST', paths.api('previews'), {
          contactId: contact.id,
        });
        if (tab === null) {
          setUrl(begun);
          return;
        }
        tab.opener = null;
        tab.location.replace(begun);
      } catch (error) {
        tab?.close();
        throw error;
      }
    });
  return (
    <>
      <Button
        icon="eye"
        busy={task.isBusy}
        aria-label={t('preview.beginOne', { name })}
        onClick={begin}
      >
        {t('preview.begin')}
      </Button>
      {task.error && <ErrorNote error={task.error} />}
      <Dialog
        open={url !== null}
        title={t('preview.title', { name })}
        onClose={() => setUrl(null)}
        actions={
          <LinkButton kind="primary" icon="newTab" href={url ?? ''} target="_blank" rel="noopener">
            {t('preview.open')}
          </LinkButton>
        }
      >
        <p>{t('preview.text')}</p>
      </Dialog>
    </>
  );
}
