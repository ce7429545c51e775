/** `sallyport explain`: why the gate accepts or refuses a token. */
import type { Config } from '@sallyport/config';
import type { AskedAddress } from '../diagnosis/network-faults.ts';
import { firstBroken, type Step } from '../diagnosis/step.ts';
import { exitCode } from '../exit-code.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { reportProblems } from '../settings/report-problems.ts';
import { readSettingsSource, readText, type SettingsOptions } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { withProgress } from '../terminal/progress.ts';
import { UsageError } from '../usage-error.ts';
import { readExpectations } from './expectations.ts';
import { askGate, type GateVerdict } from './gate-verdict.ts';
import { listIntrospectionSteps } from './introspection-steps.ts';
import { listJwtSteps } from './jwt-steps.ts';
import { type OfflineKeys, serveKeys } from './offline-keys.ts';
import { findProvider, nameOfProvider } from './providers.ts';
import { readToken } from './read-token.ts';
import { listStaticSteps } from './static-steps.ts';
import { readTokenParts, type TokenParts } from './token-parts.ts';
import { writeExplanation } from './write-explanation.ts';

/** Options of `explain`. */
export interface ExplainOptions extends SettingsOptions {
  readonly json?: boolean;
  /** A file with the keys of the issuer, in place of the network. */
  readonly jwks?: string;
  /** The tool that the token is tried for. */
  readonly tool?: string;
}

/** What was found out about a token. */
export interface Explanation {
  readonly verdict: GateVerdict;
  readonly steps: readonly Step[];
  readonly parts: TokenParts | undefined;
  /** For people, such as `Auth0`. */
  readonly provider: string;
}

/** @returns The exit code. */
export async function explain(
  options: ExplainOptions,
  surroundings: Surroundings,
): Promise<number> {
  const source = readSettingsSource(options, surroundings);
  if (source.hidden.size > 0) {
    const names = [...source.hidden.keys()].join(', ');
    throw new UsageError(
      `${source.name} has secrets in place of values: ${names}. Use --env-file with the values, or run this where the secrets can be read.`,
    );
  }
  const token = await readToken(surroundings);
  const offline =
    options.jwks === undefined
      ? undefined
      : await serveKeys(source, readText(surroundings.folder, options.jwks));
  try {
    const loaded = await loadSettings(offline?.source ?? source, { readsSecrets: true });
    if (loaded.config === undefined)
      return reportProblems(loaded.problems, source, surroundings, options);
    const { config } = loaded;
    const found = await withProgress(surroundings, 'Asking the identity provider', () =>
      explainToken(config, token, { options, surroundings, offline }),
    );
    if (options.json) surroundings.output.write(`${JSON.stringify(toJson(found), null, 2)}\n`);
    else writeExplanation(found, surroundings, options);
    return firstBroken(found.steps) === undefined ? exitCode.done : exitCode.broken;
  } finally {
    offline?.close();
  }
}

interface Given {
  readonly options: ExplainOptions;
  readonly surroundings: Surroundings;
  readonly offline: OfflineKeys | undefined;
}

async function explainToken(
  config: Config,
  token: string,
  { options: { tool, jwks }, surroundings: { signal, now }, offline }: Given,
): Promise<Explanation> {
  const verdict = await askGate(config, token, { tool, signal });
  const parts = readTokenParts(token);
  const provider = findProvider(config, parts?.claims['iss']);
  const facts = { verdict, provider, expectations: readExpectations(config, tool) };
  const named = { verdict, parts, provider: nameOfProvider(provider) };
  const { authentication } = config;
  if (authentication.type === 'introspection') {
    const asked = {
      url: authentication.url,
      variable: 'FASTMCP_SERVER_AUTH_INTROSPECTION_URL',
    };
    return { ...named, steps: listIntrospectionSteps({ ...facts, asked }) };
  }
  if (authentication.type !== 'jwt') return { ...named, steps: listStaticSteps(verdict) };
  const { keys } = authentication;
  const keysAt: AskedAddress | undefined =
    keys.kind !== 'jwks'
      ? undefined
      : offline === undefined
        ? { url: keys.url, variable: 'FASTMCP_SERVER_AUTH_JWT_JWKS_URI' }
        : { url: `${jwks}`, variable: '--jwks' };
  const nowSeconds = Math.floor(now() / 1_000);
  return { ...named, steps: listJwtSteps({ ...facts, keysAt, parts, nowSeconds }) };
}

function toJson({ verdict, steps, provider }: Explanation): object {
  const { code, status } = verdict;
  const first = firstBroken(steps);
  return {
    accepted: code === undefined,
    status,
    ...(code !== undefined && { code }),
    provider,
    ...(first && { firstBroken: first.name, owner: first.owner, cure: first.cure }),
    steps,
  };
}
