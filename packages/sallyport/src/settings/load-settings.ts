import { type Config, type ConfigEvent, loadConfig } from '@sallyport/config';
import { ConfigError } from '@sallyport/core';
import type { SettingsSource } from './settings-source.ts';
import { standInFor, standInSecrets } from './stand-ins.ts';

/** One thing that is wrong with the settings. */
export interface SettingsProblem {
  /** The variable to change, if it is one. */
  readonly variable?: string;
  readonly problem: string;
  /** Whether the settings may be right, and another try may succeed. */
  readonly isOutage: boolean;
}

/** What settings come to. */
export interface LoadedSettings {
  /** `undefined` where there are problems. */
  readonly config: Config | undefined;
  readonly problems: readonly SettingsProblem[];
  /** By name: variables that stood for a secret which was not read, and where that is. */
  readonly unread: ReadonlyMap<string, string>;
  /** What the secret backend reported. */
  readonly events: readonly ConfigEvent[];
}

/** How {@link loadSettings} reads. */
export interface LoadOptions {
  /** Whether the secret backend is asked. Without it, secrets are taken for good. */
  readonly readsSecrets: boolean;
}

/** Loads a configuration without starting anything. It throws for nothing that settings can cause. */
export async function loadSettings(
  source: SettingsSource,
  { readsSecrets }: LoadOptions,
): Promise<LoadedSettings> {
  const unread = new Map(source.hidden);
  const events: ConfigEvent[] = [];
  const standIns = Object.fromEntries(
    [...source.hidden.keys()].map((name) => [name, standInFor(name, source.variables)]),
  );
  const variables = { ...source.variables, ...standIns };
  const isManaged = /gcp/i.test(variables['FASTMCP_SERVER_AUTH_SECRET_BACKEND'] ?? '');
  const stand = (variable: string, secret: string) => {
    unread.set(variable, `secret ${secret}`);
  };
  try {
    const config = await loadConfig(variables, {
      // The settings may be those of another machine, so this process is not asked.
      nodeArguments: [],
      onEvent: (event) => void events.push(event),
      ...(source.envFile !== undefined && { envFile: source.envFile }),
      ...(isManaged && !readsSecrets && { secrets: standInSecrets(variables, stand) }),
    });
    return { config, problems: [], unread, events };
  } catch (error) {
    const problems = listProblems(error).filter(({ variable }) => !unread.has(variable ?? ''));
    return { config: undefined, problems, unread, events };
  }
}

function listProblems(error: unknown): readonly SettingsProblem[] {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.map((each) => {
    if (each instanceof ConfigError) {
      return { variable: each.option, problem: each.problem, isOutage: false };
    }
    if (each instanceof Error) return { problem: each.message, isOutage: true };
    throw error;
  });
}
