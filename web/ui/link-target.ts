/** Where a link leads and how. */
export type LinkTarget = {
  href: string;
  id?: string;
  target?: '_blank';
  rel?: string;
  'aria-label'?: string;
  'aria-current'?: 'true';
  onClick?: (event: MouseEvent) => void;
};
