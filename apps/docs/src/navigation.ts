/** The sidebar, from the pages that exist. */
import { writeFileSync } from 'node:fs';
import { addressOf, type Page, titleOf } from './pages/page.ts';

/** A link of the sidebar, or a group of them. */
export interface Link {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly Link[];
}

// By the beginning of their paths, and by name in this order. What is not named follows by title.
const groups: readonly { readonly text: string; readonly paths: readonly string[] }[] = [
  {
    text: 'Start',
    paths: [
      'guide/quick-start',
      'guide/python-server',
      'guide/scopes',
      'guide/clients',
      'guide/public-tools',
      'guide/testing',
      'guide/audit',
      'guide/audit-results',
      'guide/model-and-soak',
    ],
  },
  {
    text: 'Deploy',
    paths: [
      'scenarios/index',
      'scenarios/local',
      'scenarios/google',
      'scenarios/entra',
      'scenarios/okta-auth0',
      'scenarios/hmac',
      'scenarios/tunnel',
      'operate/deploy',
      'operate/cloud-run',
    ],
  },
  {
    text: 'Sign in',
    paths: ['sign-in/index', 'sign-in/entra', 'sign-in/cognito', 'sign-in/okta', 'sign-in/google'],
  },
  { text: 'Configure', paths: ['variables', 'providers/index'] },
  { text: 'Find a fault', paths: ['troubleshooting', 'errors/index', 'start-up/index'] },
  {
    text: 'Operate',
    paths: [
      'operate/checklist',
      'operate/runbook',
      'operate/rotate-keys',
      'operate/deny',
      'operate/policy',
      'operate/dpop',
      'operate/several-instances',
      'operate/quotas',
      'operate/load-balancer',
      'operate/front-doors',
      'operate/several-issuers',
      'operate/vault',
      'operate/api-keys',
      'operate/tuning',
      'operate/alerts',
      'operate/reference-server',
    ],
  },
  {
    text: 'Move here',
    paths: ['migrate/python', 'migrate/fastmcp', 'migrate/require-bearer-auth'],
  },
  {
    text: 'Extend',
    paths: [
      'extend/verifier',
      'extend/secret-backend',
      'extend/rate-limiter',
      'extend/provider',
      'contributing',
    ],
  },
  {
    text: 'Understand',
    paths: [
      'architecture',
      'threat-model',
      'releases',
      'licenses',
      'requirements',
      'test-quality',
      'benchmarks',
    ],
  },
];

// Folders whose pages are a list below another page.
const lists: readonly (readonly [folder: string, below: string])[] = [
  ['providers/', 'providers/index'],
  ['errors/', 'errors/index'],
  ['start-up/', 'start-up/index'],
  ['alerts/', 'operate/alerts'],
];

/** The sidebar of the whole site. */
export function makeSidebar(pages: readonly Page[], reference: readonly Link[]): readonly Link[] {
  const byPath = new Map(pages.map((page) => [page.path.replace(/\.md$/, ''), page]));
  const linkTo = (path: string): Link => {
    const page = byPath.get(path);
    if (page === undefined) throw new Error(`the sidebar names ${path}, which is no page`);
    return { text: shorten(titleOf(page)), link: addressOf(page) };
  };
  const listIn = (folder: string): readonly Link[] =>
    [...byPath.keys()]
      .filter((path) => path.startsWith(folder) && !path.endsWith('/index'))
      .map(linkTo);
  const sections = groups.map(({ text, paths }) => ({
    text,
    items: paths.map((path) => {
      const [folder] = lists.find(([, below]) => below === path) ?? [];
      const link = linkTo(path);
      return folder === undefined ? link : { ...link, collapsed: true, items: listIn(folder) };
    }),
  }));
  return [
    ...sections,
    { text: 'Packages', collapsed: true, items: listIn('packages/') },
    ...(reference.length === 0
      ? []
      : [{ text: 'API reference', collapsed: true, items: reference }]),
  ];
}

export function writeNavigation(
  file: URL,
  pages: readonly Page[],
  reference: readonly Link[],
): void {
  writeFileSync(file, `${JSON.stringify(makeSidebar(pages, reference))}\n`);
}

const shorten = (title: string): string => title.replace(/^@sallyport\//, '');
