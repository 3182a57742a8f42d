import { LinkButton } from '../../ui/button.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { tl } from '../later-words.ts';
import css from './lost.module.css';

/** An address that is no page of ours. */
export function LostPage() {
  return (
    <Shell visit={knownVisit()} title={tl('lost.title')}>
      <div class={css.lost}>
        <h1>{tl('lost.title')}</h1>
        <p>{tl('lost.text')}</p>
        <LinkButton kind="primary" icon="house" href="/">
          {tl('lost.home')}
        </LinkButton>
      </div>
    </Shell>
  );
}
