import css from './icon.module.css';

/** Outlines on a 24-unit grid, 2 units thick. */
const PATHS = {
  arrowBack: 'M19 12H5m6-6-6 6 6 6',
  arrowNext: 'M5 12h14m-6-6 6 6-6 6',
  bell: 'M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7m4 10h4',
  box: 'M21 8v8l-9 5-9-5V8l9-5zM3 8l9 5 9-5m-9 5v8',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevron: 'm6 9 6 6 6-6',
  chevronBack: 'm15 6-6 6 6 6',
  chevronNext: 'm9 6 6 6-6 6',
  clock: 'M12 7v5l3.5 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h11v11H9zM15 5V4H4v11h1',
  cross: 'M8.5 8.5l7 7m0-7-7 7M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  document: 'M14 3v5h5M14 3H5v18h14V8zM9 13h6m-6 4h6',
  download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm12.5 0a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z',
  globe: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM3 12h18M12 3c5 5.5 5 12.5 0 18-5-5.5-5-12.5 0-18Z',
  house: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  lock: 'M6 11h12v9H6zm2.5 0V8a3.5 3.5 0 0 1 7 0v3',
  mail: 'M3 6h18v12H3zm0 1 9 6 9-6',
  newTab: 'M14 4h6v6m0-6-9 9m6 1v6H4V7h6',
  note: 'M12 8h.01M11 12h1v4h1m8-4a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  pen: 'm4 20 1-4L16 5l3 3L8 19zM13.5 7.5l3 3',
  person: 'M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0ZM4 20.5c0-4 3.5-6 8-6s8 2 8 6',
  phone:
    'M5 4h4l2 5-2.5 1.5a12 12 0 0 0 5 5L15 13l5 2v4c0 1-1 1.5-2 1.5C10 20 4 14 3.5 6 3.5 5 4 4 5 4Z',
  printer: 'M7 8V4h10v4M7 17H4V8h16v9h-3M7 14h10v6H7z',
  question:
    'M9.5 9.7a2.5 2.5 0 1 1 3.7 2.1c-.8.4-1.2 1-1.2 1.9M12 17h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  receipt: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5m-5 4h5',
  returned: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  search: 'm20 20-4.5-4.5M17.5 10.5a7 7 0 1 1-14 0 7 7 0 0 1 14 0Z',
  signOut: 'M14 4H5v16h9m-3-8h10m-4-4 4 4-4 4',
  truck:
    'M3 6h11v11H3zm11 4h4l3 3.5V17h-7M9 18.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0Zm9.5 0a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0Z',
  upload: 'M12 20V9m-5 5 5-5 5 5M4 4h16',
  warning: 'M12 9v5m0 3h.01M12 3.5 2.5 20h19z',
} as const;

export type IconName = keyof typeof PATHS;

/** A small picture beside words: hidden from screen readers, in the colour of the text. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={css.icon} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
