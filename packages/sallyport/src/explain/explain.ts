/** `sallyport explain`: why the gate accepts or refuses a token. */
import { firstBroken } from '../diagnosis/step.ts';
import { exitCode } from '../exit-code.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { reportProblems } from '../settings/report-problems.ts';
import { readSettingsSource, readText, type SettingsOptions } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { withProgress } from '../terminal/progress.ts';
import { UsageError } from '../usage-error.ts';
import { explainToken, summarize } from './explain-token.ts';
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
    await config.secrets?.close?.();
    const found = await withProgress(surroundings, 'Asking the identity provider', () =>
      explainToken(config, token, {
        tool: options.tool,
        ...(offline !== undefined && { keysFrom: `${options.jwks}` }),
        signal: surroundings.signal,
        now: surroundings.now,
      }),
    );
    if (options.json) surroundings.output.write(`${JSON.stringify(summarize(found), null, 2)}\n`);
    else writeExplanation(found, surroundings, options);
    return firstBroken(found.steps) === undefined ? exitCode.done : exitCode.broken;
  } finally {
    offline?.close();
  }
}
