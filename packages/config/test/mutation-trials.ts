/** One start with edited variables, and what may be weaker after it. */
import { distance } from 'fastest-levenshtein';
import { type Config, createGateFromConfig, loadConfig, writeStartUpReport } from '../src/index.ts';
import type { Edit } from './single-edits.ts';

type Variables = Readonly<Record<string, string>>;

/** What came of a start. */
export type Outcome =
  | { readonly refused: readonly string[]; readonly text: string }
  | { readonly refused?: never; readonly config: Config; readonly text: string };

/** Starts with these variables, as a server does. */
export async function boot(variables: Variables): Promise<Outcome> {
  const tools = { read_note: ['read:data'], write_note: ['write:data'] };
  try {
    const config = await loadConfig(variables, { nodeArguments: [] });
    const text = writeStartUpReport(config);
    const isWithoutScopes = JSON.stringify(config.authentication).includes('"google"');
    const gate = await createGateFromConfig(config, {
      audit: { emit: () => {} },
      tools: isWithoutScopes && config.toolScopes === undefined ? {} : tools,
    });
    await gate.close();
    return { config, text };
  } catch (error) {
    const errors = (error instanceof AggregateError ? error.errors : [error]) as {
      option?: string;
    }[];
    return { refused: errors.map(({ option = '' }) => option), text: String(error) };
  }
}

/** Everything that a configuration asks of a request, and none of which may be missing in another. */
export function weaknesses(good: Config, config: Config, { touched, variables }: Edit): string[] {
  const found: string[] = [];
  const claim = (holds: boolean, weakness: string) => void (holds || found.push(weakness));
  const isTouched = (suffix: string) => touched.some((name) => name.endsWith(suffix));
  const set = (suffix: string) => (variables[`FASTMCP_SERVER_AUTH_${suffix}`] ?? '').trim() !== '';

  claim(config.environment.isProduction || !good.environment.isProduction, 'not production');
  claim(config.authentication.type === good.authentication.type, 'another type');
  claim(config.resource !== '', 'no resource');
  const wasLimited = good.rateLimit !== undefined;
  claim(!wasLimited || config.rateLimit !== undefined, 'no rate limit');
  claim((config.rateLimit?.maximumAttempts ?? 0) <= 1_000, 'a limit that is none');
  claim(good.callQuota === undefined || config.callQuota !== undefined, 'no quota');
  claim((config.callQuota?.calls ?? 0) <= 100_000, 'a quota that is none');
  claim(config.trustedProxyHops <= 5, 'everybody is a proxy');
  const scopesAreSet = set('JWT_REQUIRED_SCOPES') || set('INTROSPECTION_REQUIRED_SCOPES');
  claim(!scopesAreSet || isNoLess(good.requiredScopes, config.requiredScopes), 'fewer scopes');
  // Left out altogether, they are the default; and that is said.
  const lost = good.requiredScopes.length > 0 && config.requiredScopes.length === 0;
  claim(!lost || config.warnings.some((text) => text.includes('REQUIRED_SCOPES')), 'no warning');
  claim(
    good.toolScopes === undefined || !set('TOOL_SCOPES') || config.toolScopes !== undefined,
    'no scopes of tools',
  );
  for (const [tool, scopes] of Object.entries(good.toolScopes ?? {})) {
    const now = config.toolScopes?.[tool];
    claim(
      !set('TOOL_SCOPES') || now === undefined || isNoLess(scopes, now),
      'fewer scopes of tools',
    );
  }

  const [before, after] = [good.authentication, config.authentication];
  if (before.type === 'jwt' && after.type === 'jwt') {
    claim(after.audience !== undefined || before.audience === undefined, 'no audience');
    claim(!/[*{}\s]/.test(`${after.audience}`), 'an audience for everybody');
    claim(after.audience !== undefined || after.clientIds.length > 0, 'any client');
    claim(
      before.clientIds.length === 0 || !set('JWT_CLIENT_IDS') || after.clientIds.length > 0,
      'any client',
    );
    claim(after.issuer !== undefined || after.provider !== undefined, 'any issuer');
    claim(after.clockSkewSeconds <= 120, 'no clock');
    claim((after.keys.kind === 'hmac') === (before.keys.kind === 'hmac'), 'another kind of key');
    if (after.keys.kind === 'hmac' && before.keys.kind === 'hmac') {
      claim(
        distance(after.keys.key.reveal(), before.keys.key.reveal()) <= 40 &&
          !Object.entries(variables).some(
            ([name, value]) =>
              !name.endsWith('PUBLIC_KEY') &&
              value === (after.keys as { key: { reveal(): string } }).key.reveal(),
          ),
        'a key that is known',
      );
    }
    if (
      after.keys.kind === 'jwks' &&
      before.keys.kind === 'jwks' &&
      good.environment.isProduction
    ) {
      claim(new URL(after.keys.url).protocol === 'https:', 'keys without TLS');
      const isElsewhere = siteOf(after.keys.url) !== siteOf(before.keys.url);
      const isNamed = config.warnings.some((text) => text.includes('JWT_JWKS_URI'));
      claim(!isElsewhere || isNamed || isTouched('JWT_ISSUER'), 'keys of somebody else');
    }
  }
  if (before.type === 'introspection' && after.type === 'introspection') {
    claim(new URL(after.url).protocol === 'https:', 'introspection without TLS');
    claim(after.audience !== undefined || config.resource !== '', 'no audience');
    claim(!/[*{}\s]/.test(`${after.audience}`), 'an audience for everybody');
    claim(after.clientSecret.reveal() !== '', 'no secret');
  }
  return found;
}

/** All of them still, or another one, which nobody's token has by accident. */
function isNoLess(before: readonly string[], after: readonly string[]): boolean {
  return (
    before.every((scope) => after.includes(scope)) || after.some((scope) => !before.includes(scope))
  );
}

function siteOf(url: string): string {
  return new URL(url).hostname.split('.').slice(-2).join('.');
}
