import type { ComponentChildren } from 'preact';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { List } from '../use-resource.ts';

/** A list in whatever state it is: on its way, empty, failed, or there with more to come. */
export function Listing<T>({
  list,
  empty,
  children,
}: {
  list: List<T>;
  empty: ComponentChildren;
  children: (rows: T[]) => ComponentChildren;
}) {
  const { rows, error } = list;
  return (
    <>
      {error && <ErrorNote error={error} retry={rows ? list.more : list.reload} />}
      {rows === undefined && !error && <Skeleton lines={8} />}
      {rows && (rows.length === 0 ? empty : children(rows))}
      <Pager more={list.hasMore} busy={list.isLoading} added={list.added} onMore={list.more} />
    </>
  );
}
