/** The page of variables. The README of `@sallyport/config` has the table, which its test compares with the code. */

import { rewriteLinks } from './documents.ts';
import type { Page } from './page.ts';
import { readSection } from './sections.ts';

const source = 'packages/config/README.md';

interface Row {
  readonly name: string;
  readonly fallback: string;
  readonly allowed: string;
  readonly meaning: string;
}

/** The variables, in the order of the README. */
export function readVariables(): readonly Row[] {
  return readSection(source, 'Variables')
    .split('\n')
    .filter((line) => /^\| `[A-Z]/.test(line))
    .map((line) => {
      const [name = '', fallback = '', allowed = '', meaning = ''] = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { name: name.replaceAll('`', ''), fallback, allowed, meaning };
    });
}

// The groups of the page: the first pattern that matches a name decides.
const groups: readonly (readonly [title: string, pattern: RegExp])[] = [
  ['JWT access tokens', /_JWT_/],
  ['Opaque access tokens', /_INTROSPECTION_/],
  ['Secrets', /SECRET_(BACKEND|CACHE|DIRECTORY)|VAULT|GCP_|AWS_/],
  ['Limits', /RATE_LIMIT|QUOTA|MAX_|HOPS/],
  [
    'The server and its network',
    /RESOURCE_URL|AUTHORIZATION_SERVERS|PORT$|NETWORK|PROXY|METADATA|SESSION/,
  ],
  ['Scopes', /SCOPE/],
  ['What is verified, and where', /./],
];

/** A heading of its own for each variable, so that a search and a link lead to it. */
export function variablesPage(): Page {
  const rows = readVariables();
  const titleFor = (name: string) => groups.find(([, pattern]) => pattern.test(name))?.[0];
  const sections = [...groups].reverse().map(([title]) => {
    const members = rows.filter(({ name }) => titleFor(name) === title);
    return `## ${title}\n\n${members.map(describe).join('\n\n')}`;
  });
  const rest = ['Values that stop the start', 'Your network'].map(
    (heading) => `## ${heading}\n\n${rewriteLinks(readSection(source, heading), source)}`,
  );
  const text = [
    '# Variables',
    'The variables describe the gate of `sallyport run` and of every server that uses [config](/packages/config). This page is generated from the code.',
    'A blank variable counts as not set. A variable that begins like these and does not exist stops the start. [Start-up problems](/start-up/) lists the sentence for each mistake. [Decide who may use which tool](/guide/scopes) explains the variables of scopes.',
    ...sections,
    ...rest,
  ].join('\n\n');
  return { path: 'variables.md', text: `${text}\n`, source };
}

function describe({ name, fallback, allowed, meaning }: Row): string {
  const facts = [...(fallback === '' ? [] : [`Default: ${fallback}.`]), `Must be ${allowed}.`];
  return `### \`${name}\`\n\n${meaning}.\n\n${facts.join(' ')}`;
}
