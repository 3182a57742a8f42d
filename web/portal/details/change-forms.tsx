import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { CHANGE_REQUEST_KINDS, type ChangeRequestKind } from '../../../worker/vocabulary.ts';
import { ApiError, send } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { toast } from '../../ui/toast.tsx';
import { laterWords } from '../later-words.ts';
import type { ChangeRequest } from '../types.ts';
import { bodyOf, type DraftField, EMPTY, FIELDS_OF, flawsOf, MAX } from './change-draft.ts';
import css from './details.module.css';

const LABELS = {
  name: 'newName',
  email: 'newEmail',
  phone: 'newPhone',
  address: 'newAddress',
} as const;
const INPUTS = {
  name: { type: 'text', autocomplete: 'name' },
  email: { type: 'email', autocomplete: 'email' },
  phone: { type: 'tel', autocomplete: 'tel' },
} as const satisfies Record<string, JSX.IntrinsicElements['input']>;

/** A form for each kind of change: a supplier's own books are theirs to keep, so it is asked for. */
export function ChangeForms({
  org,
  onAsked,
}: {
  org: string;
  onAsked: (request: ChangeRequest) => void;
}) {
  return (
    <section class={css.section} aria-labelledby="details-ask">
      <h2 id="details-ask">{laterWords('details.ask')}</h2>
      <p class={css.quiet}>{laterWords('details.askIntro', { org })}</p>
      {CHANGE_REQUEST_KINDS.map((kind) => (
        <ChangeForm key={kind} kind={kind} org={org} onAsked={onAsked} />
      ))}
    </section>
  );
}

function ChangeForm({
  kind,
  org,
  onAsked,
}: {
  kind: ChangeRequestKind;
  org: string;
  onAsked: (request: ChangeRequest) => void;
}) {
  const [draft, setDraft] = useState(EMPTY);
  const [flaws, setFlaws] = useState<readonly (DraftField | 'nothing')[]>([]);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [isOpen, setOpen] = useState(false);
  // Of these very words: sent twice they are one request, and other words are another.
  const key = useRef(crypto.randomUUID());
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLElement>(null);

  const change = (field: DraftField, text: string) => {
    setDraft((before) => ({ ...before, [field]: text }));
    key.current = crypto.randomUUID();
  };
  const submit = async () => {
    if (busy) return;
    const found = flawsOf(kind, draft);
    setFlaws(found);
    setError(undefined);
    if (found.length > 0) {
      const name = found[0] === 'nothing' ? FIELDS_OF[kind][0] : found[0];
      form.current?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
      return;
    }
    setBusy(true);
    try {
      const { changeRequest } = await send<{ changeRequest: ChangeRequest }>(
        'POST',
        'change-requests',
        bodyOf(kind, draft),
        key.current,
      );
      setDraft(EMPTY);
      key.current = crypto.randomUUID();
      // The button that has the focus is folded away with the form.
      summary.current?.focus();
      setOpen(false);
      toast(laterWords('details.sent'));
      onAsked(changeRequest);
    } catch (reason) {
      setError(reason instanceof ApiError ? reason : new ApiError('internal'));
    } finally {
      setBusy(false);
    }
  };
  const wrong = (field: DraftField) =>
    flaws.includes(field)
      ? laterWords(`details.wrong.${field}`, { max: MAX[field] })
      : flaws.includes('nothing') &&
        field === FIELDS_OF[kind][0] &&
        laterWords('details.wrong.nothing');
  return (
    <details class={css.ask} open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary ref={summary} class={css.summary}>
        <Icon name="chevron" />
        {laterWords(kind === 'contact_details' ? 'details.askContact' : 'details.askAddress')}
      </summary>
      <form
        ref={form}
        class={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {kind === 'delivery_address' ? (
          <Field
            label={laterWords('details.newAddress')}
            hint={laterWords('details.newAddressHint')}
            error={wrong('address')}
          >
            {(input) => (
              <textarea
                {...input}
                name="address"
                rows={4}
                required
                dir="auto"
                autocomplete="off"
                value={draft.address}
                onInput={(event) => change('address', event.currentTarget.value)}
              />
            )}
          </Field>
        ) : (
          FIELDS_OF.contact_details.map((field) => (
            <Field
              key={field}
              label={laterWords(`details.${LABELS[field]}`)}
              hint={field === 'email' && laterWords('details.newEmailHint', { org })}
              error={wrong(field)}
              optional
            >
              {(input) => (
                <input
                  {...input}
                  {...INPUTS[field]}
                  name={field}
                  value={draft[field]}
                  onInput={(event) => change(field, event.currentTarget.value)}
                />
              )}
            </Field>
          ))
        )}
        <Field
          label={laterWords('details.note')}
          hint={laterWords('details.noteHint')}
          error={wrong('note')}
          optional
        >
          {(input) => (
            <textarea
              {...input}
              name="note"
              rows={2}
              dir="auto"
              value={draft.note}
              onInput={(event) => change('note', event.currentTarget.value)}
            />
          )}
        </Field>
        {error && <ErrorNote error={error} retry={submit} />}
        <div>
          <Button type="submit" kind="primary" busy={busy}>
            {laterWords('details.send')}
          </Button>
        </div>
      </form>
    </details>
  );
}
