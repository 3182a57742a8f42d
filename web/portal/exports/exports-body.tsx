import { expire } from '../../lib/resource.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ExportsView } from '../../ui/exports/exports-view.tsx';
import { tx } from '../../ui/exports/words.ts';
import type { ExportsPage } from '../types.ts';
import css from './exports-body.module.css';
import { MonthPack } from './month-pack.tsx';

const api = (path: string) => path;

/** The page of exports; a link without financials has none. */
export function ExportsBody({ exports }: { exports: ExportsPage }) {
  const { org, link, mappings } = exports;
  return (
    <>
      <header class={css.head}>
        <h1>{tx('title')}</h1>
        <p class={css.quiet}>{tx('intro')}</p>
      </header>
      {link.scope === 'no_financials' ? (
        <Empty title={tx('noMoneyTitle')} text={tx('noMoney', { org: org.name })} />
      ) : (
        <ExportsView
          side="purchases"
          api={api}
          mappings={mappings}
          off={link.isPreview}
          onKept={() => expire('exports')}
        >
          {({ from, to }) => <MonthPack from={from} to={to} />}
        </ExportsView>
      )}
    </>
  );
}
