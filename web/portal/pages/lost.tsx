import { LinkButton } from '../../ui/button.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { laterWords } from '../later-words.ts';
import css from './lost.module.css';

/** An address that is no page of ours. */
export function LostPage() {
  return (
    <Shell visit={knownVisit()} title={laterWords('lost.title')}>
      <div class={css.lost}>
        <h1>{laterWords('lost.title')}</h1>
        <p>{laterWords('lost.text')}</p>
        <LinkButton kind="primary" icon="house" href="/">
          {laterWords('lost.home')}
        </LinkButton>
      </div>
    </Shell>
  );
}
