/** One page for each identity provider, generated from the table of providers. */

import { detectEnvironment } from '@sallyport/core';
import { frontDoors, knownProviders, type Provider } from '@sallyport/verifier-jwt/providers';
import { explainByUrl } from '../errors/token-errors.ts';
import { exists, readSource } from '../repository.ts';
import type { Page } from './page.ts';
import { readSection } from './sections.ts';
import { spaced } from './spaced.ts';

const resource = 'https://notes.acme-corp.dev/mcp';
const guid = '5d4c3b2a-1f0e-4d9c-8b7a-6f5e4d3c2b1a';

/** What the `aud` of a provider names, in words. */
const audiences: Readonly<Record<Provider['audience'], string>> = {
  server: '`aud` must name this server: set the audience.',
  client: '`aud` names the client, not this server: list the clients. They replace the audience.',
  fixed: '`aud` is the same text in every token: list the clients. They replace the audience.',
  optional: '`aud` names this server only if the client asked for it: list the clients.',
  tenant: '`aud` is the tenant itself: you set neither an audience nor clients.',
};

const all: readonly Provider[] = [...knownProviders, ...frontDoors];

/** The index and the page of each provider. */
export function providerPages(): readonly Page[] {
  return [indexPage(), ...all.map(providerPage)];
}

/** The variables that select a provider, with examples that are accepted. */
export function variablesFor(provider: Provider): Readonly<Record<string, string>> {
  const { name, audience, tenant, withoutScopes } = provider;
  return {
    ENVIRONMENT: 'production',
    FASTMCP_SERVER_AUTH_TYPE: 'jwt',
    FASTMCP_SERVER_AUTH_RESOURCE_URL: resource,
    FASTMCP_SERVER_AUTH_JWT_PROVIDER: name,
    FASTMCP_SERVER_AUTH_JWT_TENANT: tenant.example.replaceAll('acme.com', 'acme-corp.dev'),
    ...(audience === 'server' && { FASTMCP_SERVER_AUTH_JWT_AUDIENCE: audienceFor(name) }),
    // Its issuer is no address, so clients must be told where to sign in.
    ...(name === 'stytch' && {
      FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS: 'https://login.acme-corp.dev',
    }),
    ...(['client', 'fixed', 'optional'].includes(audience) && {
      FASTMCP_SERVER_AUTH_JWT_CLIENT_IDS: 'notes-web',
    }),
    ...(withoutScopes
      ? { FASTMCP_SERVER_AUTH_TOOL_SCOPES: '{}' }
      : { FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES: 'read:data' }),
  };
}

// Whose tokens name something else than the address of the server.
const audienceFor = (name: string): string =>
  ({
    entra: guid,
    okta: 'api://notes',
    zitadel: '271828182845904523',
    'google-iap': '/projects/123456789012/locations/us-central1/services/notes',
  })[name] ?? resource;

function providerPage(provider: Provider): Page {
  const { name, title, audience, withoutScopes, isSelfHosted, requestName } = provider;
  const { tenant, otherAudiences } = provider;
  const options = optionsFor(provider);
  const environment = detectEnvironment({});
  const facts = provider.describe({ ...options, environment } as never);
  const shown = literal(options).replace(/ \}$/, ', environment }');
  const table: readonly (readonly [string, string])[] = [
    ['Issuer', code(facts.issuer)],
    ...(facts.issuerAliases ?? []).map((alias) => ['Also accepted', code(alias)] as const),
    ['Keys', code(facts.jwksUrl)],
    ['Algorithms', facts.algorithms.map(code).join(', ')],
    [
      'Profile',
      `${code(facts.profile ?? 'rfc9068')} ([what it accepts](/packages/verifier-jwt#profiles))`,
    ],
    [
      'Client',
      (facts.clientIdClaims ?? ['client_id']).map((claim) => code(String(claim))).join(', '),
    ],
    [
      'Scopes',
      withoutScopes
        ? 'none: its JWTs are ID tokens'
        : (facts.scopeClaims ?? ['scope']).map((claim) => code(String(claim))).join(', '),
    ],
    [
      'Required claims',
      Object.entries(facts.requiredClaims ?? {})
        .map(([claim, value]) => code(`${claim}: ${JSON.stringify(value)}`))
        .join(', ') || 'none',
    ],
    ['Can run in your network', isSelfHosted ? 'yes' : 'no: hosted on the Internet'],
  ];
  const notes = `apps/docs/content/notes/${name}.md`;
  const asked = requestName?.('read:data', audienceFor(name));
  const others = otherAudiences?.(`api://${guid}`) ?? [];
  const text = [
    `# ${title}`,
    `Accept access tokens of ${title}. This page is generated from the table of providers.`,
    '## Configure it',
    '```env accepted',
    ...Object.entries(variablesFor(provider)).map(([key, value]) => `${key}=${value}`),
    '```\n',
    `- \`FASTMCP_SERVER_AUTH_JWT_TENANT\` is ${tenant.allowed}.`,
    `- ${audiences[audience]}`,
    ...(asked === undefined
      ? []
      : [
          `- Clients must ask for the scope by another name: ${code(asked)} becomes ${code('read:data')} in the token. Challenges of Sallyport name it so.`,
        ]),
    ...(others.length === 0
      ? []
      : [`- ${code(`api://${guid}`)} as audience also accepts ${others.map(code).join(', ')}.`]),
    '\nIn code, pass the provider as the issuer:\n',
    '```ts check',
    "import { detectEnvironment } from '@sallyport/core';",
    "import { protect } from '@sallyport/protect/express';",
    "import { providers } from '@sallyport/verifier-jwt';",
    '',
    'const environment = detectEnvironment(process.env);',
    '',
    'export const protection = await protect({',
    `  resource: '${resource}',`,
    `  issuer: providers.${camelCase(name)}(${shown}),`,
    `  tools: { read_note: [${withoutScopes ? '' : "'read:data'"}] },`,
    '});',
    '```\n',
    exists(notes) ? readSource(notes).trim() : '',
    '## What the preset validates\n',
    '| part of the token | must be |',
    '|---|---|',
    ...table.map(([part, value]) => `| ${part} | ${value} |`),
    limitsOf(name),
    mistakesOf(provider),
    '\n## When a token is refused\n',
    'Ask the server. `explain` names the first check that fails, whose fault it is, and the cure for this provider:\n',
    '```sh command',
    'pbpaste | npx sallyport explain',
    '```\n',
    `${explainByUrl}\n`,
    'The pages of [`token_audience_mismatch`](/errors/token_audience_mismatch), [`token_issuer_untrusted`](/errors/token_issuer_untrusted) and [`token_malformed`](/errors/token_malformed) explain the most frequent refusals.',
  ];
  return {
    path: `providers/${name}.md`,
    text: spaced(text.join('\n')),
    source: exists(notes) ? notes : `packages/verifier-jwt/src/providers/${name}.ts`,
  };
}

/** The options that the example of the tenant, the audience and the clients stand for. */
function optionsFor(provider: Provider): Readonly<Record<string, unknown>> {
  const { tenant, audience, name } = provider;
  const { FASTMCP_SERVER_AUTH_JWT_TENANT: example = '' } = variablesFor(provider);
  const [, first = example, second = ''] = tenant.form?.exec(example) ?? [];
  return {
    ...tenant.options(first, second),
    ...(audience === 'server' && { audience: audienceFor(name) }),
    ...(['client', 'fixed', 'optional'].includes(audience) && { clientIds: ['notes-web'] }),
  };
}

/** What the README of `@sallyport/verifier-jwt` says that the preset cannot do. */
function limitsOf(name: string): string {
  const rows = readSection('packages/verifier-jwt/README.md', 'Providers').split('\n');
  const row = rows.find((line) => line.startsWith(`| \`${camelCase(name)}\` `));
  const [, , , fixes = '', cannot = ''] = row?.split('|').map((cell) => cell.trim()) ?? [];
  if (cannot === '') return '';
  return `\n## Limits\n\nThe preset fixes: ${fixes}. It does not support: ${cannot}.\n`;
}

function mistakesOf(provider: Provider): string {
  const {
    issuerMistakes = [],
    keyMistakes = [],
    audienceMistakes = [],
    opaqueTokens = [],
  } = provider;
  const rows: readonly (readonly [string, readonly (readonly [RegExp, string])[]])[] = [
    ['the tenant', provider.tenant.mistakes ?? []],
    ['the issuer', issuerMistakes],
    ['the address of the keys', keyMistakes],
    ['the audience of the token', audienceMistakes],
    ['what the client sends', opaqueTokens],
  ];
  const lines = rows.flatMap(([what, mistakes]) =>
    mistakes.map(([, problem]) => `| ${what} | ${problem.replaceAll('|', '\\|')} |`),
  );
  if (lines.length === 0) return '';
  return [
    '\n## Common mistakes\n',
    'Sallyport recognises these, and says:\n',
    '| about | message |',
    '|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function indexPage(): Page {
  const rows = all.map(
    ({ name, title, audience, tenant }) =>
      `| [${title}](/providers/${name}) | \`${name}\` | ${tenant.allowed} | ${audience === 'server' ? 'audience' : audience === 'tenant' ? 'nothing' : 'clients'} |`,
  );
  const text = [
    '# Identity providers',
    'A preset knows the issuer, the keys, the claims and the usual mistakes of one identity provider. Set `FASTMCP_SERVER_AUTH_JWT_PROVIDER` to its name.',
    ['| provider | name | tenant | you also set |', '|---|---|---|---|', ...rows].join('\n'),
    "For issuers of Google and Entra you need no preset: Sallyport recognises them. Behind Google's Identity-Aware Proxy, no client sends a token: see [front doors](/operate/front-doors).",
    'Another provider works without a preset: set the [issuer](/variables#fastmcp_server_auth_jwt_issuer), the [keys](/variables#fastmcp_server_auth_jwt_jwks_uri) and the [audience](/variables#fastmcp_server_auth_jwt_audience). You can also [write a preset](/extend/provider).',
  ].join('\n\n');
  return {
    path: 'providers/index.md',
    text: `${text}\n`,
    source: 'packages/verifier-jwt/src/providers/table.ts',
  };
}

const code = (text: string): string => `\`${text}\``;

const camelCase = (name: string): string =>
  name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());

/** An object of texts and lists of texts, as people write it. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return `'${value}'`;
  const members = Object.entries(value).map(([key, member]) => `${key}: ${literal(member)}`);
  return `{ ${members.join(', ')} }`;
}
