/** What stands in the environment and, in development, in a file. */
import { detectEnvironment, type Environment } from '@sallyport/core';
import { createEnvSecrets, readEnvFile } from '@sallyport/secrets-env';
import type { ConfigListener } from '../config-event.ts';
import { guessWord } from '../names/guess-word.ts';
import { takeOriginalNames } from '../names/take-original-names.ts';
import type { Variables } from '../process/unsafe-process.ts';
import type { Problems } from '../report/problems.ts';
import type { Found, Origin, Setting } from '../report/shown-setting.ts';
import { variables } from '../variables/all-variables.ts';

/** Where the program runs, and every variable that is set. */
export interface EnvValues {
  readonly environment: Environment;
  /** What is said of it. */
  readonly setting: Setting;
  /** Names of all variables that are not blank, known or not. */
  readonly names: readonly string[];
  /** By name: those that are known and not blank. */
  readonly found: Map<string, Found>;
  /** Names of variables that a problem already says to set. */
  readonly answered: Set<string>;
  readonly warnings: readonly string[];
}

/** A file may say that this is development; in production it is not read, whatever it says. */
export async function readEnvValues(
  given: Variables,
  envFile: string | undefined,
  problems: Problems,
  report: ConfigListener,
): Promise<EnvValues> {
  const file: Variables =
    envFile === undefined ? {} : (problems.attempt(() => readEnvFile(envFile)) ?? {});
  const own = withoutBlank(given);
  const all: Variables = { ...withoutBlank(file), ...own };
  const environment = readEnvironment(all, problems);
  const isIgnored = environment.isProduction && Object.keys(file).length > 0;
  const used = takeOriginalNames(isIgnored ? own : all, problems);
  const provider = createEnvSecrets({
    variables: used.variables,
    environment,
    onEvent: report,
  });
  const sourceOf = (name: string) => (Object.hasOwn(own, name) ? 'environment' : `${envFile}`);
  const { signal } = new AbortController();
  const found = new Map<string, Found>();
  for (const { name } of variables) {
    const lookup = await provider.get(name, { signal });
    if (!lookup.found) continue;
    const writtenAs = used.writtenAs.get(name);
    const origin: Origin =
      writtenAs === undefined
        ? { source: sourceOf(name) }
        : { source: sourceOf(writtenAs), writtenAs };
    found.set(name, { text: lookup.secret.reveal(), origin });
  }
  return {
    environment,
    names: Object.keys(used.variables),
    answered: used.answered,
    setting: {
      name: 'ENVIRONMENT',
      shown: JSON.stringify(environment.name),
      origin: { source: all['ENVIRONMENT'] === undefined ? 'default' : sourceOf('ENVIRONMENT') },
    },
    found,
    warnings: isIgnored
      ? [`${envFile}: is not read in production. Take it out of the image: it may hold secrets`]
      : [],
  };
}

/** An unknown environment is a problem. The other checks then go on as in the one that is meant. */
function readEnvironment(all: Variables, problems: Problems): Environment {
  const environment = problems.attempt(() => detectEnvironment(all));
  if (environment !== undefined) return environment;
  const guess = /^["']?(local|dev)/i.test(all['ENVIRONMENT']?.trim() ?? '')
    ? 'development'
    : guessWord(`${all['ENVIRONMENT']}`, ['development', 'test']);
  return detectEnvironment({ ...all, ENVIRONMENT: guess ?? 'production' });
}

function withoutBlank(given: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).filter(
      (entry): entry is [string, string] => (entry[1] ?? '').trim() !== '',
    ),
  );
}
