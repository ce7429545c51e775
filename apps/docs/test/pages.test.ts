/** The pages: links and their anchors lead somewhere, and the sidebar has every page. */
import { describe, expect, it } from 'vitest';
import { readTransportErrors } from '../src/errors/transport-errors.ts';
import { type Link, makeSidebar } from '../src/navigation.ts';
import { outsideCode } from '../src/pages/documents.ts';
import { addressOf, type Page } from '../src/pages/page.ts';
import { slugOf } from '../src/pages/slug.ts';
import { readVariables } from '../src/pages/variables.ts';
import { exists, list, listSources, readSource } from '../src/repository.ts';
import { pages } from './assembled.ts';

const prose = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '');

function anchorsOf({ text }: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const [, title = heading, custom] = /^(.*?) ?\{#([\w-]+)\}$/.exec(heading) ?? [];
    const plain = title.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const slug = custom ?? slugOf(plain);
    for (let count = 0; ; count += 1) {
      const name = count === 0 ? slug : `${slug}-${count}`;
      if (anchors.has(name)) continue;
      anchors.add(name);
      break;
    }
  }
  return anchors;
}

function findDeadLinks(page: Page, all: readonly Page[]): readonly string[] {
  const anchors = new Map(all.map((each) => [addressOf(each), anchorsOf(each)]));
  const targets: string[] = [];
  outsideCode(page.text, (part) => {
    targets.push(...[...part.matchAll(/\]\(([/#][^)\s]*)\)/g)].map(([, target = '']) => target));
    return part;
  });
  return targets.filter((target) => {
    const [address = '', anchor] = target.split('#');
    const found = anchors.get(address === '' ? addressOf(page) : address);
    return found === undefined || (anchor !== undefined && !found.has(anchor));
  });
}

it.each(pages)('$path has no dead link', (page) => {
  expect(findDeadLinks(page, pages)).toEqual([]);
});

describe('a dead link is found', () => {
  const target: Page = {
    path: 'a/b.md',
    text: '# B\n\n## Some `code` {#named}\n\n## Two words',
    source: '',
  };
  it.each([
    ['[x](/a/b)', []],
    ['[x](/a/b#two-words) [y](/a/b#named)', []],
    ['[x](/a/c)', ['/a/c']],
    ['[x](/a/b#gone)', ['/a/b#gone']],
    ['[x](#gone)', ['#gone']],
    ['`[x](/a/c)`', []],
  ])('in %s', (text, dead) => {
    const page: Page = { path: 'page.md', text: `# Page\n\n${text}`, source: '' };
    expect(findDeadLinks(page, [page, target])).toEqual(dead);
  });
});

it('the sidebar has every page, except those that other pages list', () => {
  const addresses: string[] = [];
  const visit = ({ link, items = [] }: Link): void => {
    if (link !== undefined) addresses.push(link);
    items.forEach(visit);
  };
  makeSidebar(pages, []).forEach(visit);

  const missing = pages.map(addressOf).filter((address) => !addresses.includes(address));
  expect(missing).toEqual(['/']);
});

it('every page names a source that exists', () => {
  expect(pages.filter(({ source }) => !exists(source))).toEqual([]);
});

it('has a page for each package and each document in docs', () => {
  const sources = new Set(pages.map(({ source }) => source));

  expect(list('packages/*/README.md').filter((file) => !sources.has(file))).toEqual([]);
  expect(list('docs/*.md').filter((file) => !sources.has(file))).toEqual([]);
});

it('has a heading for each variable', () => {
  const names = readVariables().map(({ name }) => name);
  const { text = '' } = pages.find(({ path }) => path === 'variables.md') ?? {};

  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !text.includes(`### \`${name}\`\n`))).toEqual([]);
});

it('names no address of a machine or of a tool that a reader does not have', () => {
  const found = pages.filter(({ text }) => /\/work\/|\/tmp\/(?!$)/.test(prose(text)));
  expect(found.map(({ path }) => path)).toEqual([]);
});

describe('what the pages name exists', () => {
  const written = list('apps/docs/content/**/*.{md,yaml}').map(
    (file) => [file, readSource(file)] as const,
  );
  const sources = listSources('packages/*/src').map(readSource).join('\n');
  const codes = new Set(readTransportErrors().map(({ code }) => code));
  // Names of other products, of the Python server, and of HTTP and OAuth.
  const foreign = new Set([
    ...['invalid_token', 'jwks_uri', 'public_key', 'access_token', 'token_use', 'client_id'],
    ...['required_scopes', 'requestedAccessTokenVersion', 'requireBearerAuth', 'JWTVerifier'],
    ...['base_url', 'config_url', 'user_pool_id', 'tenant_id', 'project_id', 'realm_url'],
    ...['project_url', 'authkit_domain', 'environment_url', 'resource_id', 'client_secret'],
    ...['code_challenge_methods_supported', 'resource_metadata', 'scopes_supported'],
  ]);

  it.each([
    ['events, codes and claims', /`([a-z]+(?:_[a-z]+)+)`/g],
    ['options and functions', /`([a-z]+[A-Z]\w+)(?:\(\))?`/g],
  ])('%s', (_kind, pattern) => {
    const lost = written.flatMap(([file, text]) =>
      [...text.matchAll(pattern)]
        .map(([, name = '']) => name)
        .filter((name) => !foreign.has(name) && !codes.has(name) && !sources.includes(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(lost).toEqual([]);
  });

  it('variables', () => {
    const known = new Set(readVariables().map(({ name }) => name));
    const lost = written
      .filter(([file]) => file.endsWith('.md'))
      .flatMap(([file, text]) =>
        [...text.matchAll(/FASTMCP_SERVER_AUTH_[A-Z_]+[A-Z]/g)]
          .map(([name]) => name)
          .filter((name) => !known.has(name) && !name.endsWith('INTROSPECTION_INTROSPECTION_URL'))
          .map((name) => `${file}: ${name}`),
      );
    expect(lost).toEqual([]);
  });
});
