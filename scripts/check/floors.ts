/**
 * The floors: a file imports from its own floor, without circles, or from floors below. A check that
 * sees nothing says so: it fails when it cruised no modules, and when it misses a planted violation.
 */
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';

/** Each floor's files, from the ground up. Every module of worker/ must stand on one of them. */
const FLOORS: readonly (readonly string[])[] = [
  [
    'vocabulary.',
    'vocabulary/',
    'errors.',
    'log.',
    'sha256.',
    'crc32.',
    'utf8.',
    'access/tokens.',
    'access/cookies.',
    'access/box.',
    'access/webhook-signature.',
    'import/',
    'pdf/splice.',
    'pdf/words.',
    'zip.',
    'csv.',
    'exports/',
    'emails/',
    'live/words.',
  ],
  ['database/schema', 'database/text.'],
  [
    'database/context.',
    'database/context/',
    'database/error.',
    'access/sessions.',
    'access/wanted-page.',
    'access/cloudflare-access.',
    'brand.',
    'mail.',
    'ports.',
    'carriers/',
    'live/',
  ],
  ['domain/', 'pdf/'],
  ['access/guards.', 'access/origin.'],
  ['routes/', 'jobs/'],
  ['env.', 'app.', 'index.'],
];
const pathOf = (files: readonly string[]) =>
  files.map((file) => `^worker/${file.replace('.', '[.]')}`);
const OUTSIDE = ['^worker/test/', '[.]test[.]tsx?$'];

const upwards: IForbiddenRuleType[] = FLOORS.slice(0, -1).map((files, floor) => ({
  name: `floor-${floor}-looks-up`,
  severity: 'error',
  from: { path: pathOf(files), pathNot: OUTSIDE },
  to: {
    path: pathOf(FLOORS.slice(floor + 1).flat()),
    // some of `pdf/` and of `live/` is on a lower floor than the rest: the lower floor wins.
    pathNot: pathOf(FLOORS.slice(0, floor + 1).flat()),
  },
}));

const forbidden: IForbiddenRuleType[] = [
  ...upwards,
  { name: 'circle', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no-floor',
    severity: 'error',
    from: { path: '^worker/', pathNot: [...OUTSIDE, ...pathOf(FLOORS.flat())] },
    to: {},
  },
  {
    name: 'jobs-and-routes-apart',
    severity: 'error',
    from: { path: '^worker/(routes|jobs)/' },
    to: { path: '^worker/(routes|jobs)/', pathNot: '^worker/$1/' },
  },
  {
    name: 'hono-above-floor-3',
    comment: 'its JSX, for markup, anywhere',
    severity: 'error',
    from: { path: pathOf(FLOORS.slice(0, 4).flat()), pathNot: OUTSIDE },
    to: { path: 'node_modules/hono/', pathNot: 'node_modules/hono/dist/(types/jsx|jsx)' },
  },
  {
    name: 'routes-through-guards',
    comment: 'a route reaches the database through its audience’s guard; types are free',
    severity: 'error',
    from: { path: '^worker/routes/', pathNot: OUTSIDE },
    to: { path: '^worker/database/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'handle-stays-in-its-folder',
    comment: 'whoever held it could run a query that opened no context; of types and tests too',
    severity: 'error',
    from: { pathNot: '^worker/database/context([.]ts$|/)' },
    to: { path: '^worker/database/context/' },
  },
  {
    name: 'web-knows-only-the-vocabulary',
    severity: 'error',
    from: { path: '^web/', pathNot: OUTSIDE },
    to: {
      path: '^worker/',
      pathNot: '^worker/vocabulary[.]ts$',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'product-knows-no-tooling',
    severity: 'error',
    from: { path: '^(worker|web)/', pathNot: [...OUTSIDE, '^web/vite[.]config[.]ts$'] },
    to: { path: '^(scripts|worker/test)/' },
  },
];

/** The rules that planted/ breaks. */
const PLANTED = ['floor-0-looks-up', 'handle-stays-in-its-folder'];

async function look(places: string[], baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(places, {
    baseDir,
    ruleSet: { forbidden },
    validate: true,
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json', '.css'] },
  });
  if (typeof output === 'string') {
    throw new Error('dependency-cruiser answered with text');
  }
  return output;
}

const root = new URL('../..', import.meta.url).pathname;
const house = await look(['worker', 'web', 'scripts'], root);
const planted = await look(['worker'], new URL('planted', import.meta.url).pathname);

const complaints = [
  ...house.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  ...(house.summary.totalCruised < 50
    ? [`only ${house.summary.totalCruised} modules cruised`]
    : []),
  ...PLANTED.filter(
    (name) => !planted.summary.violations.some(({ rule }) => rule.name === name),
  ).map((name) => `the planted violation was not seen: ${name}`),
];
for (const complaint of complaints) {
  console.error(complaint);
}
console.log(
  `floors: ${house.summary.totalCruised} modules, ${house.summary.totalDependenciesCruised ?? 0} dependencies, ${complaints.length} complaints`,
);
process.exitCode = complaints.length === 0 ? 0 : 1;
