/** `sallyport token`: an access token for trying things out, in development only. */
import type { Config } from '@sallyport/config';
import { detectEnvironment } from '@sallyport/core';
import { exitCode } from '../exit-code.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { reportProblems } from '../settings/report-problems.ts';
import { readSettingsSource, type SettingsOptions } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { withProgress } from '../terminal/progress.ts';
import { UsageError } from '../usage-error.ts';
import { requestLocalToken } from './request-local-token.ts';
import { signToken } from './sign-token.ts';

/** Options of `token`. */
export interface TokenOptions extends SettingsOptions {
  readonly json?: boolean;
  /** The MCP endpoint that `sallyport dev` printed. */
  readonly url: string;
  /** Scopes, separated by spaces. Default: all that the server knows. */
  readonly scope?: string;
}

/**
 * Writes a token to standard output: of the local authorization server, or signed with the shared secret of the
 * settings.
 *
 * @returns The exit code.
 */
export async function token(options: TokenOptions, surroundings: Surroundings): Promise<number> {
  const { variables, output, errors } = surroundings;
  if (options.envFile === undefined && isProduction(variables)) {
    throw new UsageError(
      'Tokens are made in development only. In production, get one from your identity provider.',
    );
  }
  const source = readSettingsSource(options, surroundings);
  const isConfigured = source.variables['FASTMCP_SERVER_AUTH_TYPE'] !== undefined;
  let made: string;
  if (isConfigured) {
    const loaded = await loadSettings(source, { readsSecrets: true });
    if (loaded.config === undefined) {
      return reportProblems(loaded.problems, source, surroundings, options);
    }
    made = await fromSettings(loaded.config, options, surroundings);
  } else {
    made = await withProgress(surroundings, 'Signing in', () =>
      requestLocalToken(options.url, options.scope, surroundings.signal),
    );
  }
  if (options.json) output.write(`${JSON.stringify({ token: made, type: 'Bearer' })}\n`);
  else output.write(`${made}\n`);
  if (errors.isTTY) {
    errors.write(
      `\n  Next        curl -H "Authorization: Bearer $(sallyport token)" ${options.url}\n`,
    );
  }
  return exitCode.done;
}

/** Whether the machine says so. Unset `ENVIRONMENT` is a developer's machine here: nothing starts. */
function isProduction(variables: Surroundings['variables']): boolean {
  return detectEnvironment({ ...variables, ENVIRONMENT: variables['ENVIRONMENT'] || 'development' })
    .isProduction;
}

async function fromSettings(
  config: Config,
  { scope }: TokenOptions,
  { now }: Pick<Surroundings, 'now'>,
): Promise<string> {
  if (config.environment.isProduction) {
    throw new UsageError(
      'These settings are for production. Get a token from your identity provider.',
    );
  }
  const { authentication } = config;
  if (authentication.type === 'static') {
    const [first] = authentication.tokens;
    if (first !== undefined) return first.token.reveal();
  }
  if (authentication.type === 'jwt' && authentication.keys.kind === 'hmac') {
    return signToken(config, { scope, nowSeconds: Math.floor(now() / 1_000) });
  }
  throw new UsageError(
    'Only your identity provider can issue tokens for these settings. Use "sallyport dev" without them, for a local authorization server.',
  );
}
