import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ISSUE_KINDS } from '../../../worker/vocabulary.ts';
import { ApiError, send } from '../../lib/api.ts';
import { expire } from '../../lib/resource.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { toast } from '../../ui/toast.tsx';
import { Back } from '../components/back.tsx';
import { keepDraft, readDraft } from '../drafts.ts';
import type { Issue, OrderPage } from '../types.ts';
import { startAnswer } from './answer-form.tsx';
import { Flaw } from './flaw.tsx';
import { refusedFields, wordsOf } from './flaw-words.ts';
import { KIND_ICONS } from './looks.tsx';
import { PhotoPicker } from './photo-picker.tsx';
import { Description } from './report-description.tsx';
import { bodyOf, type Draft, startDraft, type Wrong } from './report-draft.ts';
import css from './report-form.module.css';
import { ReportLines } from './report-lines.tsx';
import { type Sent, SentBefore, sentBefore } from './sent-before.tsx';
import { UnsentPhotos } from './unsent-photos.tsx';
import { usePhotos } from './use-photos.ts';
import { issueWords } from './words.ts';

/**
 * The form of a report. What is written survives a reload, with the key that makes two submits one
 * report; once there is a report, only its photos can still fail.
 */
export function ReportForm({ page, path }: { page: OrderPage; path: string }) {
  const { order, lines, contact, link } = page;
  const { query, route } = useLocation();
  const name = `report:${order.id}`;
  const [draft, setDraft] = useState(() =>
    startDraft(readDraft<Draft>(name), {
      email: contact.email,
      lines: lines.map(({ lineNumber }) => lineNumber),
      wanted: (query.lines ?? '').split(',').filter(Boolean).map(Number),
      key: crypto.randomUUID(),
    }),
  );
  const [wrong, setWrong] = useState<Wrong & { photos?: string }>({});
  /** How often something was found wrong: each time, the focus goes to the first of it. */
  const [found, setFound] = useState(0);
  const [error, setError] = useState<ApiError>();
  const [status, setStatus] = useState<string>();
  const [unsent, setUnsent] = useState<Sent & { told: string }>();
  const photos = usePhotos();
  const form = useRef<HTMLFormElement>(null);
  const isHere = useRef(true);
  const busy = status !== undefined;
  const before = error && sentBefore(error);

  const keep = (next: Draft) => {
    setDraft(next);
    keepDraft(name, next);
  };
  const change = (changes: Partial<Draft>) => {
    keep({ ...draft, ...changes });
    // What is being mended is not called wrong meanwhile.
    setWrong((before) =>
      Object.fromEntries(Object.entries(before).filter(([field]) => !(field in changes))),
    );
  };
  const tell = (flaws: typeof wrong) => {
    setWrong(flaws);
    setFound((count) => count + 1);
  };
  const leave = (issueId: string) => {
    keepDraft(name, undefined);
    expire(path);
    // Photos may take a while: who went on to another page meanwhile stays there.
    if (isHere.current) route(`/issues/${issueId}`, true);
  };
  // Loaded again while the photos were on their way: there is a report, and it takes the rest of them.
  useEffect(() => {
    if (draft.issueId) leave(draft.issueId);
    return () => {
      isHere.current = false;
    };
  }, []);
  useLayoutEffect(() => focusFirstWrong(form.current), [found]);

  const done = (id: string, told: string) => {
    toast(told);
    leave(id);
  };
  const sendPhotos = async ({ id, number }: Sent, told = issueWords('form.toast')) => {
    const failed = await photos.send(id, (at, count) =>
      setStatus(issueWords('form.sendingPhotos', { number, at, count })),
    );
    setStatus(undefined);
    if (failed > 0) setUnsent({ id, number, told });
    else done(id, told);
  };
  const addAsAnswer = (sent: Sent) => {
    startAnswer(sent.id, draft.description.trim());
    change({ issueId: sent.id });
    return sendPhotos(sent, issueWords('form.answerKept'));
  };
  const submit = async (written = draft) => {
    const flaws = {
      ...wordsOf(written),
      ...(photos.hasWrong && { photos: issueWords('wrong.photo') }),
    };
    tell(flaws);
    setError(undefined);
    if (busy || Object.keys(flaws).length > 0) return;
    setStatus(issueWords('form.sending'));
    try {
      const { id } = order;
      const resource = `orders/${id}/report-issue`;
      const { issue } = await send<{ issue: Issue }>(
        'POST',
        resource,
        bodyOf(written),
        written.key,
      );
      keep({ ...written, issueId: issue.id });
      await sendPhotos(issue);
    } catch (reason) {
      setStatus(undefined);
      const refused = reason instanceof ApiError ? reason : new ApiError('internal');
      const fields = refused.code === 'invalid' ? refusedFields(refused) : {};
      tell(fields);
      if (Object.keys(fields).length === 0) setError(refused);
    }
  };

  const sendAsNew = () => {
    // Kept before it is sent: tried again, it is the same new report.
    const fresh = { ...draft, key: crypto.randomUUID() };
    keep(fresh);
    return submit(fresh);
  };

  if (unsent) {
    return (
      <UnsentPhotos
        issue={unsent}
        photos={photos}
        status={status}
        sendAll={() => sendPhotos(unsent, unsent.told)}
        goOn={() => done(unsent.id, unsent.told)}
      />
    );
  }
  return (
    <>
      <Back
        href={`/orders/${order.id}`}
        words={issueWords('form.back', { number: order.number })}
      />
      <div>
        <h1>{issueWords('form.title')}</h1>
        <p class={css.order}>{issueWords('form.with', { number: order.number })}</p>
      </div>
      <form
        ref={form}
        class={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Kinds draft={draft} wrong={wrong.kind} choose={(kind) => change({ kind })} />
        {lines.length > 0 && (
          <ReportLines
            lines={lines}
            chosen={draft.lineNumbers}
            wrong={wrong.lineNumbers}
            choose={(lineNumbers) => change({ lineNumbers })}
          />
        )}
        <Description
          text={draft.description}
          wrong={wrong.description}
          write={(description) => change({ description })}
        />
        <fieldset class={css.group}>
          <legend>{issueWords('photos.title')}</legend>
          <PhotoPicker photos={photos} locked={busy} />
          <Flaw>{photos.hasWrong ? wrong.photos : undefined}</Flaw>
        </fieldset>
        <div class={css.contact}>
          <Field label={issueWords('form.email')} error={wrong.contactEmail}>
            {(input) => (
              <input
                {...input}
                type="email"
                autoComplete="email"
                required
                value={draft.contactEmail}
                onInput={(event) => change({ contactEmail: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label={issueWords('form.phone')} error={wrong.contactPhone} optional>
            {(input) => (
              <input
                {...input}
                type="tel"
                autoComplete="tel"
                value={draft.contactPhone}
                onInput={(event) => change({ contactPhone: event.currentTarget.value })}
              />
            )}
          </Field>
        </div>
        {error && before && (
          <SentBefore
            error={error}
            sent={before}
            asAnswer={() => addAsAnswer(before)}
            asNew={sendAsNew}
            busy={busy}
          />
        )}
        {error && !before && (
          <ErrorNote
            error={error}
            words={error.code === 'conflict' ? issueWords('form.conflict') : undefined}
            retry={() => submit()}
          />
        )}
        <div class={css.end}>
          {link.isPreview ? (
            <p>{issueWords('form.preview')}</p>
          ) : (
            <Button type="submit" kind="primary" busy={busy || photos.isPreparing}>
              {issueWords('form.send')}
            </Button>
          )}
          <p class={css.quiet} role="status">
            {status}
          </p>
          <p class={css.quiet}>{issueWords('form.draft')}</p>
        </div>
      </form>
    </>
  );
}

function Kinds(props: {
  draft: Draft;
  wrong: string | undefined;
  choose: (kind: Draft['kind']) => void;
}) {
  const { draft, wrong, choose } = props;
  return (
    <fieldset
      class={css.group}
      data-wrong={wrong ? true : undefined}
      aria-describedby={wrong ? 'kind-error' : undefined}
    >
      <legend>{issueWords('form.kind')}</legend>
      <div class={css.kinds}>
        {ISSUE_KINDS.map((kind) => (
          <label key={kind} class={css.kind}>
            <input
              type="radio"
              name="kind"
              required
              value={kind}
              checked={draft.kind === kind}
              onChange={() => choose(kind)}
            />
            <Icon name={KIND_ICONS[kind]} />
            <span>{issueWords(`kind.${kind}`)}</span>
          </label>
        ))}
      </div>
      <Flaw id="kind-error">{wrong}</Flaw>
    </fieldset>
  );
}

function focusFirstWrong(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector<HTMLElement>('[aria-invalid], [data-wrong]');
  const first = wrong?.matches('fieldset, li')
    ? wrong.querySelector<HTMLElement>('summary, input, button')
    : wrong;
  first?.focus();
}
