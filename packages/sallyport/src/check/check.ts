/** `sallyport check`: what the settings come to, and every problem with them. */
import { type LoadedSettings, loadSettings } from '../settings/load-settings.ts';
import { exitCodeOf, writeProblems } from '../settings/report-problems.ts';
import {
  readSettingsSource,
  type SettingsOptions,
  type SettingsSource,
} from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { withProgress } from '../terminal/progress.ts';
import { createTerminal, type Terminal } from '../terminal/terminal.ts';

/** Options of `check`. */
export interface CheckOptions extends SettingsOptions {
  readonly json?: boolean;
  /** Does not ask the secret backend. Always so with `service`. */
  readonly offline?: boolean;
}

/** @returns The exit code. */
export async function check(options: CheckOptions, surroundings: Surroundings): Promise<number> {
  const source = readSettingsSource(options, surroundings);
  const readsSecrets = options.offline !== true && options.service === undefined;
  const loaded = await withProgress(surroundings, 'Reading the secrets', () =>
    loadSettings(source, { readsSecrets }),
  );
  await loaded.config?.secrets?.close?.();
  if (options.json)
    surroundings.output.write(`${JSON.stringify(toJson(loaded, source), null, 2)}\n`);
  else writeCheck(createTerminal(surroundings.output, surroundings.variables), loaded, source);
  return exitCodeOf(loaded.problems);
}

function toJson({ config, problems, unread }: LoadedSettings, { name }: SettingsSource): object {
  return {
    ok: problems.length === 0,
    source: name,
    problems: problems.map(({ variable, problem }) => ({ ...(variable && { variable }), problem })),
    settings: (config?.settings ?? []).map((setting) => ({
      variable: setting.name,
      ...(unread.has(setting.name)
        ? { unread: unread.get(setting.name) }
        : { value: setting.shown }),
      source: setting.origin.source,
    })),
    warnings: config?.warnings ?? [],
  };
}

function writeCheck(terminal: Terminal, loaded: LoadedSettings, source: SettingsSource): void {
  const { config, problems } = loaded;
  if (config === undefined || problems.length > 0) {
    writeProblems(terminal, problems, source);
    writeNext(terminal, 'change these, then run this command again');
    return;
  }
  terminal.line();
  const { environment, authentication, resource } = config;
  terminal.line(`  ${terminal.paint('good', '✓ These settings can start.')}`);
  terminal.line();
  terminal.pair('From', source.name);
  terminal.pair('Environment', describeEnvironment(environment));
  terminal.pair(
    'Endpoint',
    loaded.unread.has('FASTMCP_SERVER_AUTH_RESOURCE_URL') ? 'in a secret' : resource,
  );
  terminal.pair('Tokens', authentication.type);
  terminal.line();
  writeSettings(terminal, loaded);
  for (const warning of config.warnings) {
    terminal.line();
    for (const [index, line] of terminal.wrapped(warning, 4).entries()) {
      terminal.line(`  ${index === 0 ? terminal.paint('careful', '!') : ' '} ${line}`);
    }
  }
  writeNext(
    terminal,
    loaded.unread.size > 0
      ? 'run "sallyport doctor" where the secrets can be read'
      : 'run "sallyport doctor" to try the identity provider',
  );
}

function describeEnvironment({
  name,
  isProduction,
  productionSigns,
}: NonNullable<LoadedSettings['config']>['environment']): string {
  if (name === 'production' || !isProduction) return name;
  return `production, because of ${productionSigns.join(', ')}`;
}

function writeSettings(terminal: Terminal, { config, unread }: LoadedSettings): void {
  for (const { name, shown, origin } of config?.settings ?? []) {
    const secret = unread.get(name);
    if (origin.source === 'default' && secret === undefined) continue;
    terminal.line(`  ${name}`);
    const value = secret === undefined ? shown : `in ${secret}; not read`;
    const source = origin.writtenAs === undefined ? '' : `  (written as ${origin.writtenAs})`;
    const secretName =
      origin.secret === undefined || secret !== undefined ? '' : `  (secret ${origin.secret})`;
    terminal.paragraph(`${value}${source}${secretName}`, 4);
  }
  const defaults = (config?.settings ?? []).filter(({ origin }) => origin.source === 'default');
  if (defaults.length > 0) {
    terminal.line(
      `  ${terminal.paint('quiet', `and ${defaults.length} defaults; --json lists them`)}`,
    );
  }
}
