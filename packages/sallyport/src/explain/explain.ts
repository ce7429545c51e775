/** `sallyport explain`: why the gate accepts or refuses a token. */
import { saysHowToSignIn } from '@sallyport/config';
import { firstBroken } from '../diagnosis/step.ts';
import { exitCode } from '../exit-code.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { reportProblems } from '../settings/report-problems.ts';
import { readSettingsSource, readText, type SettingsOptions } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { withProgress } from '../terminal/progress.ts';
import { UsageError } from '../usage-error.ts';
import { type Explanation, explainToken, summarize } from './explain-token.ts';
import {
  type EndpointSettings,
  nameOptions,
  readEndpointSettings,
} from './metadata/endpoint-settings.ts';
import { serveKeys } from './offline-keys.ts';
import { readToken } from './read-token.ts';
import { writeExplanation } from './write-explanation.ts';

/** Options of `explain`. */
export interface ExplainOptions extends SettingsOptions {
  readonly json?: boolean;
  /** A file with the keys of the issuer, in place of the network. */
  readonly jwks?: string;
  /** The tool that the token is tried for. */
  readonly tool?: string;
  /** The MCP endpoint whose public metadata take the place of settings. */
  readonly url?: string;
}

const noSettings =
  'There are no settings here, so "explain" does not know what this server expects. For a server that is configured in code, and beside "dev", name its endpoint: pbpaste | sallyport explain --url http://localhost:8000/mcp';

/** @returns The exit code. */
export async function explain(
  options: ExplainOptions,
  surroundings: Surroundings,
): Promise<number> {
  const token = await readTokenFor(options, surroundings);
  const found = await readSource(options, token, surroundings);
  if ('problem' in found) return reportSentence(found.problem, options, surroundings);
  const { source, isLocal } = found;
  const offline =
    options.jwks === undefined
      ? undefined
      : await serveKeys(source, readText(surroundings.folder, options.jwks));
  try {
    const loaded = await loadSettings(offline?.source ?? source, { readsSecrets: true });
    if (loaded.config === undefined) {
      const isUnset = loaded.problems.some(({ variable }) => variable === typeName);
      if (isUnset && !saysHowToSignIn(source.variables))
        surroundings.errors.write(`${noSettings}\n`);
      return reportProblems(loaded.problems, source, surroundings, options);
    }
    const { config } = loaded;
    await config.secrets?.close?.();
    const told = await withProgress(surroundings, 'Asking the identity provider', () =>
      explainToken(config, token, {
        tool: options.tool,
        isLocalIssuer: isLocal,
        ...(offline !== undefined && { keysFrom: `${options.jwks}` }),
        signal: surroundings.signal,
        now: surroundings.now,
      }),
    );
    const explanation = options.url === undefined ? told : withOptionNames(told);
    if (options.json)
      surroundings.output.write(`${JSON.stringify(summarize(explanation), null, 2)}\n`);
    else writeExplanation(explanation, surroundings, options);
    return firstBroken(explanation.steps) === undefined ? exitCode.done : exitCode.broken;
  } finally {
    offline?.close();
  }
}

const typeName = 'FASTMCP_SERVER_AUTH_TYPE';

/** @throws {UsageError} When options contradict each other, or the endpoint is no address. */
async function readTokenFor(
  { url, envFile, service, tool }: ExplainOptions,
  surroundings: Surroundings,
): Promise<string> {
  if (url !== undefined) {
    if (envFile !== undefined || service !== undefined) {
      throw new UsageError('Use one of --url, --env-file and --service.');
    }
    if (tool !== undefined) {
      throw new UsageError(
        'Public metadata do not say which scopes a tool needs. Use --tool with --env-file or --service.',
      );
    }
    readEndpoint(url);
  }
  return readToken(surroundings);
}

function readEndpoint(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '') return url;
  throw new UsageError('Name the MCP endpoint as a URL, such as https://notes.example.com/mcp');
}

async function readSource(
  options: ExplainOptions,
  token: string,
  surroundings: Surroundings,
): Promise<EndpointSettings> {
  const { url } = options;
  if (url !== undefined) {
    return withProgress(surroundings, 'Asking the server', () =>
      readEndpointSettings(readEndpoint(url), token, surroundings),
    );
  }
  const source = readSettingsSource(options, surroundings);
  if (source.hidden.size === 0) return { source, isLocal: false };
  const names = [...source.hidden.keys()].join(', ');
  throw new UsageError(
    `${source.name} has secrets in place of values: ${names}. Use --env-file with the values, or run this where the secrets can be read.`,
  );
}

function reportSentence(
  problem: string,
  { json }: Pick<ExplainOptions, 'json'>,
  { output, errors }: Pick<Surroundings, 'output' | 'errors'>,
): number {
  if (json) output.write(`${JSON.stringify({ ok: false, problem }, null, 2)}\n`);
  else errors.write(`${problem}\n`);
  return exitCode.broken;
}

function withOptionNames(explanation: Explanation): Explanation {
  const steps = explanation.steps.map((step) =>
    step.cure === undefined ? step : { ...step, cure: nameOptions(step.cure) },
  );
  return { ...explanation, steps };
}
