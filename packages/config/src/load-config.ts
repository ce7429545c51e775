import {
  type Checks,
  ConfigError,
  check,
  checkArgument,
  checkOptions,
  createReporter,
  type SecretProvider,
} from '@sallyport/core';
import type { Provider } from '@sallyport/verifier-jwt/providers';
import { readApiKeys } from './api-keys/read-api-keys.ts';
import { readAuthentication } from './authentication/read-authentication.ts';
import type { Config } from './config.ts';
import type { ConfigListener } from './config-event.ts';
import { readDpop } from './dpop/read-dpop.ts';
import { freeze } from './freeze.ts';
import { refuseUnknownNames } from './names/unknown-names.ts';
import { reportIgnoredProxy } from './process/ignored-proxy.ts';
import { readProcessState } from './process/process-state.ts';
import { refuseHazards, type Variables } from './process/unsafe-process.ts';
import { providerCheck, withKnownProviders } from './provider-rules/with-known-providers.ts';
import { type AuthenticationFacts, readServer } from './read-server.ts';
import { createProblems } from './report/problems.ts';
import { gcpProjectId } from './secrets/backends/secret-manager-backend.ts';
import { holdSecretEvents } from './secrets/held-secret-events.ts';
import { openSecretBackend } from './secrets/open-secret-backend.ts';
import { readWantedSecrets } from './secrets/read-secrets.ts';
import { assertScheme } from './secrets/secret-reference.ts';
import { createVersionsInUse } from './secrets/versions-in-use.ts';
import { readSignIn } from './sign-in/read-sign-in.ts';
import { checkComposition } from './trial/check-composition.ts';
import { readEnvValues } from './values/environment-values.ts';
import { createSettings, type Values } from './values/settings.ts';

/** Options for {@link loadConfig}. */
export interface LoadConfigOptions {
  /** Path of a `.env` file for variables that are not set. Never read in production. Default: none. */
  readonly envFile?: string;
  /**
   * Reads secrets in place of the backend that `FASTMCP_SERVER_AUTH_SECRET_BACKEND` names, under the names
   * of the README. Default: none.
   */
  readonly secrets?: SecretProvider;
  /**
   * Lets variables name secrets of `secrets`: with `op`, the value `op://notes/issuer` is the secret
   * `notes/issuer`. Default: for a provider of a `@sallyport/secrets-…` package its own scheme, otherwise none.
   */
  readonly secretScheme?: string;
  /**
   * Identity providers besides those of the README. `FASTMCP_SERVER_AUTH_JWT_PROVIDER` can name them.
   * Default none.
   */
  readonly providers?: readonly Provider[];
  /** For the client of AWS Secrets Manager, as `createAwsSecrets` takes them. Default: none. */
  readonly awsClientOptions?: Readonly<Record<string, unknown>>;
  /** For the client of Secret Manager, as `createGcpSecrets` takes them. Default: none. */
  readonly gcpClientOptions?: Readonly<Record<string, unknown>>;
  /**
   * The arguments that Node was started with. Default: `process.execArgv`; then `loadConfig` also checks this
   * process for an open inspector, a lenient HTTP parser and old versions of TLS.
   */
  readonly nodeArguments?: readonly string[];
  /** Receives events about secrets, during the start and later. An error that it throws is ignored. Default: none. */
  readonly onEvent?: ConfigListener;
}

const optionChecks: Checks<LoadConfigOptions> = {
  envFile: check.optional(check.text),
  secrets: check.optional(check.shape('a secret provider', { get: 'function' })),
  secretScheme: check.optional(check.text),
  providers: check.optional(check.listOf(providerCheck)),
  awsClientOptions: check.optional(check.recordOf(check.optional(check.anything))),
  gcpClientOptions: check.optional(check.recordOf(check.optional(check.anything))),
  nodeArguments: check.optional(check.texts),
  onEvent: check.optional(check.callback),
};

const variablesCheck = check.recordOf(check.optional(check.text));

/**
 * Reads and validates a configuration. It composes the gate once and discards it, so that every problem
 * that needs no request appears at the start.
 *
 * It sends no request to an authorization server. The secret backend stays open to watch for new versions.
 * The gate of `createGateFromConfig` closes it.
 *
 * @param variablesGiven The variables, such as `process.env`.
 * @throws {AggregateError} Contains one `ConfigError` per problem, with the variable, its value and what to
 *   do, and an `Error` if a secret backend cannot be reached. Its message lists all of them, without a secret.
 * @throws {ConfigError} When an argument or an option is unknown or of the wrong type.
 */
export async function loadConfig(
  variablesGiven: Variables,
  optionsGiven: LoadConfigOptions = {},
): Promise<Config> {
  const given = checkArgument('variables', variablesGiven, variablesCheck);
  const options = checkOptions('config', optionsGiven, optionChecks);
  const { envFile, onEvent, nodeArguments, secrets: own, secretScheme } = options;
  if (secretScheme !== undefined) assertScheme('config.secretScheme', secretScheme);
  if (secretScheme !== undefined && own === undefined) {
    throw new ConfigError('config.secretScheme', 'needs the option secrets beside it');
  }
  const providers = withKnownProviders(options.providers);
  const problems = createProblems();
  const report: ConfigListener = createReporter(onEvent);
  const env = await readEnvValues(given, envFile, problems, report);
  const { environment } = env;
  const isThisProcess = nodeArguments === undefined && environment.isProduction;
  refuseHazards(
    given,
    nodeArguments ?? process.execArgv,
    { environment, ...(isThisProcess && { state: await readProcessState() }) },
    problems,
  );

  const values: Values = {
    found: env.found,
    unreadable: new Map(),
    warnings: [...env.warnings],
    answered: env.answered,
  };
  refuseUnknownNames(env.names, env.answered, problems);
  const settings = createSettings(values, problems);
  reportIgnoredProxy(given, settings, report);
  const quiet = holdSecretEvents(report);
  const versions = createVersionsInUse();
  const opened = await openSecretBackend(settings, {
    ...options,
    environment,
    onEvent: versions.correct(quiet.report),
  });
  const backend =
    typeof opened === 'object' ? { ...opened, provider: versions.track(opened.provider) } : opened;
  const secrets = typeof backend === 'object' ? backend.provider : undefined;
  try {
    await readWantedSecrets(backend, settings, values, problems);
    const signing = readAuthentication(settings, environment, providers);
    const apiKeys = readApiKeys(settings, environment);
    const signIn = readSignIn(settings, environment, signing.authentication);
    const dpop = readDpop(settings, environment, signing.authentication);
    const facts = factsOf(signing);
    const server = readServer(settings, environment, facts, given);
    quiet.release(settings, typeof backend === 'object' ? backend.nameOf : String);
    const config: Config = freeze({
      environment,
      projectId: settings.read(gcpProjectId),
      ...signing,
      apiKeys,
      dpop,
      signIn,
      ...server,
      settings: [env.setting, ...settings.inForce()],
      warnings: values.warnings,
      secrets,
    });
    await checkComposition(config, settings, problems);
    problems.throwIfAny();
    return config;
  } catch (error) {
    await secrets?.close?.();
    throw error;
  }
}

function factsOf({ authentication }: Pick<Config, 'authentication'>): AuthenticationFacts {
  if (authentication.type === 'introspection') {
    const { audience, otherAudiences } = authentication;
    return { audiences: listAudiences(audience, otherAudiences), isHosted: false };
  }
  if (authentication.type !== 'jwt') return { audiences: [], isHosted: false };
  const { provider, keys } = authentication;
  const audiences = [authentication, ...authentication.others].flatMap((each) =>
    listAudiences(each.audience, each.otherAudiences),
  );
  const isHosted = provider !== undefined && provider.isSelfHosted !== true;
  const isOne = authentication.others.length === 0;
  return { audiences, isHosted: isHosted && isOne && keys.kind === 'published' };
}

function listAudiences(first: string | undefined, others: readonly string[]): readonly string[] {
  return first === undefined ? [] : [first, ...others];
}
