import { ExportsView } from '../../exports/exports-view.tsx';
import { exportWords } from '../../exports/words.ts';
import { expire } from '../../lib/resource.ts';
import { AroundMoney } from '../money/around.tsx';
import type { ExportsPage } from '../types.ts';
import css from './exports-body.module.css';
import { MonthPack } from './month-pack.tsx';

const api = (path: string) => path;

/** The page of exports; a link without financials has none. */
export function ExportsBody({ exports: { link, mappings } }: { exports: ExportsPage }) {
  return (
    <AroundMoney>
      <header class={css.head}>
        <h1>{exportWords('title')}</h1>
        <p class={css.quiet}>{exportWords('intro')}</p>
      </header>
      <ExportsView
        side="purchases"
        api={api}
        mappings={mappings}
        off={link.isPreview}
        onKept={() => expire('exports')}
      >
        {(chosen) => <MonthPack {...chosen} />}
      </ExportsView>
    </AroundMoney>
  );
}
