/** Photos that a person has chosen: made ready, sent one after the other, and sent again. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ISSUE_PHOTOS_MAX } from '../../../worker/vocabulary.ts';
import { ApiError, type FailureCode, upload } from '../../lib/api.ts';
import { preparePhoto } from './photo-file.ts';

export type ChosenPhoto = {
  id: number;
  name: string;
  /** What is sent; undefined while it is made ready, or when it cannot be sent at all. */
  blob: Blob | undefined;
  /** Where the browser shows it from; undefined for what it cannot show. */
  preview: string | undefined;
  state: 'preparing' | 'ready' | 'sending' | 'sent' | 'failed' | 'wrong';
  /** From 0 to 1. */
  sent: number;
  failure: FailureCode | undefined;
};

/** A connection that moves nothing for so long is dead, whatever the browser thinks of it. */
const STALLED_MILLISECONDS = 45_000;

let lastId = 0;

/**
 * @param taken how many the report has already
 */
export function usePhotos(taken = 0) {
  const list = useRef<ChosenPhoto[]>([]);
  const [, render] = useState(0);
  const [leftOut, setLeftOut] = useState(0);
  const change = (next: ChosenPhoto[]) => {
    list.current = next;
    render((count) => count + 1);
  };
  const update = (id: number, changes: Partial<ChosenPhoto>) =>
    change(list.current.map((photo) => (photo.id === id ? { ...photo, ...changes } : photo)));
  useEffect(() => () => list.current.forEach(release), []);

  const add = async (files: readonly File[]) => {
    const room = Math.max(0, ISSUE_PHOTOS_MAX - taken - list.current.length);
    setLeftOut(Math.max(0, files.length - room));
    const added = files.slice(0, room).map((file) => {
      lastId += 1;
      const photo: ChosenPhoto = {
        id: lastId,
        name: file.name,
        blob: undefined,
        preview: undefined,
        state: 'preparing',
        sent: 0,
        failure: undefined,
      };
      return { file, photo };
    });
    change([...list.current, ...added.map(({ photo }) => photo)]);
    // One at a time: a phone's memory holds few photos as pixels.
    for (const { file, photo } of added) {
      const prepared = await preparePhoto(file);
      if ('wrong' in prepared) {
        update(photo.id, { state: 'wrong', failure: prepared.wrong });
      } else if (list.current.some(({ id }) => id === photo.id)) {
        const { blob, name, isShown } = prepared;
        const preview = isShown ? URL.createObjectURL(blob) : undefined;
        update(photo.id, { blob, name, preview, state: 'ready' });
      }
    }
  };

  const remove = (id: number) => {
    list.current.filter((photo) => photo.id === id).forEach(release);
    setLeftOut(0);
    change(list.current.filter((photo) => photo.id !== id));
  };

  /** Sends one; the bytes are known by their hash, so what arrived before is not there twice. */
  const sendOne = async (issueId: string, { id, name, blob }: ChosenPhoto) => {
    if (!blob) return;
    update(id, { state: 'sending', sent: 0, failure: undefined });
    const stalled = new AbortController();
    const stall = () =>
      setTimeout(() => stalled.abort(new ApiError('offline')), STALLED_MILLISECONDS);
    let timer = stall();
    try {
      await upload('POST', `issues/${issueId}/photos?name=${encodeURIComponent(name)}`, blob, {
        contentType: blob.type || 'application/octet-stream',
        signal: stalled.signal,
        onProgress: (sent) => {
          clearTimeout(timer);
          timer = stall();
          update(id, { sent });
        },
      });
      update(id, { state: 'sent', sent: 1 });
    } catch (error) {
      update(id, { state: 'failed', failure: error instanceof ApiError ? error.code : 'internal' });
    } finally {
      clearTimeout(timer);
    }
  };

  /** Sends all that are not sent yet; `onEach` is told before each. Gives how many did not get through. */
  const send = async (issueId: string, onEach?: (at: number, count: number) => void) => {
    const waiting = list.current.filter(({ blob, state }) => blob && state !== 'sent');
    for (const [at, photo] of waiting.entries()) {
      onEach?.(at + 1, waiting.length);
      await sendOne(issueId, photo);
    }
    return list.current.filter(({ state }) => state === 'failed').length;
  };

  /** Takes those that were sent off the list; gives how many these were. */
  const dropSent = () => {
    const sent = list.current.filter(({ state }) => state === 'sent');
    sent.forEach(release);
    if (sent.length > 0) change(list.current.filter(({ state }) => state !== 'sent'));
    return sent.length;
  };

  return {
    photos: list.current,
    /** How many the last choice had too many. */
    leftOut,
    isFull: taken + list.current.length >= ISSUE_PHOTOS_MAX,
    isPreparing: list.current.some(({ state }) => state === 'preparing'),
    hasWrong: list.current.some(({ state }) => state === 'wrong'),
    add,
    remove,
    send,
    dropSent,
  };
}
export type Photos = ReturnType<typeof usePhotos>;

function release({ preview }: ChosenPhoto): void {
  if (preview) URL.revokeObjectURL(preview);
}
