import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { t } from '../words.ts';
import css from './form-dialog.module.css';

/** A form in a dialog: cancelled, or sent once by the button that says what it does. */
export function FormDialog({
  open,
  title,
  confirm,
  kind = 'primary',
  icon,
  isBusy,
  disabled = false,
  onClose,
  onSubmit,
  children,
}: {
  open: boolean;
  title: ComponentChildren;
  /** On the button that sends it. */
  confirm: ComponentChildren;
  kind?: 'primary' | 'danger';
  icon?: IconName;
  isBusy: boolean;
  disabled?: boolean;
  onClose: () => void;
  onSubmit: () => void;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <Dialog
      open={open}
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="submit"
            form={id}
            kind={kind}
            {...(icon && { icon })}
            busy={isBusy}
            disabled={disabled}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <form
        id={id}
        class={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
