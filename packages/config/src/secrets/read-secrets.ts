/** Which secrets are asked for, and what happens when one cannot be had. */
import { isAuthError, type SecretProvider } from '@sallyport/core';
import { readAuthenticationType } from '../authentication/authentication-type.ts';
import type { Problems } from '../report/problems.ts';
import type { Found } from '../report/shown-setting.ts';
import type { Settings, Values } from '../values/settings.ts';
import { variables } from '../variables/all-variables.ts';
import {
  introspectionClientId,
  introspectionClientSecret,
  introspectionUrl,
} from '../variables/introspection-variables.ts';
import {
  jwksUri,
  jwtAlgorithm,
  jwtAudience,
  jwtIssuer,
  jwtProvider,
  publicKey,
} from '../variables/jwt-variables.ts';
import { secretBackend, sessionSecret } from '../variables/server-variables.ts';
import type { Variable } from '../variables/variable.ts';

type Answer =
  | { readonly found: Found }
  | {
      readonly found?: never;
      readonly fault: string | undefined;
      /** Asking again later may help, without anybody doing anything. */
      readonly mayPass?: boolean;
    };

const reference = /^gcp-sm:\/\/([A-Za-z0-9_-]{1,255}(?:@(?:latest|[1-9]\d{0,9}))?)$/;
// For all of them together: each has limits of its own.
const longestWaitMs = 20_000;

/**
 * Asks for the secrets that the type of authentication needs, all at once: the backend first and the
 * environment second, so that a new version reaches a running process.
 *
 * A variable that names its secret has no other place to come from. Of the others, one that is not
 * there, or cannot be had, is taken from the environment.
 */
export async function readWantedSecrets(
  provider: SecretProvider | 'unusable' | undefined,
  settings: Settings,
  values: Values,
  problems: Problems,
): Promise<void> {
  const named = variables.filter(({ name }) => isReference(values.found.get(name)));
  if (provider === 'unusable') {
    // What they hold is not known: neither that they are missing, nor that they are not.
    for (const { name } of [...named, ...listWanted(settings), publicKey])
      values.answered.add(name);
    for (const { name } of named) values.found.delete(name);
    return;
  }
  if (provider === undefined) {
    for (const { name } of named) {
      problems.add(
        name,
        `names a secret, and nothing reads secrets. Set ${secretBackend.name}=gcp_secret_manager`,
      );
    }
    return;
  }
  const outages = new Map<string, string>();
  const read = createReader(provider, settings, { ...values, outages }, problems);
  const wanted = listWanted(settings);
  await Promise.all([
    ...named.map(read.named),
    ...wanted.filter((variable) => !named.includes(variable)).map(read.byDefault),
  ]);
  // One key or the other: asking for both would ask for one that need not be there.
  const needsKey = wanted.includes(jwksUri) && !settings.isSet(jwksUri);
  if (needsKey && !settings.isSet(publicKey)) await read.byDefault(publicKey);
  if (outages.size > 0) {
    const reasons = [...new Set(outages.values())].join(' ');
    problems.addOutage(
      `${provider.name} could not be asked for ${[...outages.keys()].join(', ')}. Starting again may help: ${reasons}`,
    );
  }
}

function listWanted(settings: Settings): readonly Variable[] {
  switch (readAuthenticationType(settings)) {
    case 'jwt':
      if (settings.isSet(jwtProvider)) return [jwtAudience, sessionSecret];
      return [jwtIssuer, jwtAudience, isHmac(settings) ? publicKey : jwksUri, sessionSecret];
    case 'introspection':
      return [introspectionUrl, introspectionClientId, introspectionClientSecret, sessionSecret];
    default:
      return [];
  }
}

function isHmac(settings: Settings): boolean {
  return settings.read(jwtAlgorithm).startsWith('HS');
}

function createReader(
  provider: SecretProvider,
  settings: Settings,
  { found, unreadable, answered, outages }: Values & { readonly outages: Map<string, string> },
  problems: Problems,
) {
  const signal = AbortSignal.timeout(longestWaitMs);

  async function ask(name: string): Promise<Answer> {
    try {
      const lookup = await provider.get(name, { signal });
      if (!lookup.found) return { fault: undefined };
      const { secret, version } = lookup;
      const origin = { source: provider.name, secret: name, version };
      return { found: { text: secret.reveal(), origin } };
    } catch (error) {
      if (!isAuthError(error)) throw error;
      const mayPass = signal.aborted || error.retryAfterSeconds !== undefined;
      return { fault: error.detail ?? 'no reason is known', mayPass };
    }
  }

  /** Not read, and nobody's mistake: that it is missing must not be told. */
  function addOutage({ name }: Variable, fault: string): void {
    outages.set(name, fault);
    answered.add(name);
    if (name === jwksUri.name) answered.add(publicKey.name);
  }

  return {
    async named(variable: Variable): Promise<void> {
      const { name } = variable;
      const secret = reference.exec(found.get(name)?.text.trim() ?? '')?.[1];
      if (secret === undefined) {
        problems.add(name, 'must name a secret as gcp-sm://name or gcp-sm://name@version');
        return;
      }
      const answer = await ask(secret);
      const { found: value, fault, mayPass } = { fault: undefined, mayPass: false, ...answer };
      if (value !== undefined) found.set(name, value);
      else if (fault !== undefined && mayPass) {
        found.delete(name);
        addOutage(variable, fault);
      } else problems.add(name, fault ?? `names the secret ${secret}, which is not there`);
    },

    async byDefault(variable: Variable): Promise<void> {
      const { name } = variable;
      const inEnvironment = found.get(name);
      const faults: string[] = [];
      let isOutage = false;
      // A PEM is not where the page for HMAC keys puts them.
      const secretNames = isHmac(settings)
        ? variable.secretNames
        : variable.secretNames.slice(0, 1);
      for (const secret of secretNames) {
        const answer = await ask(secret);
        if (answer.found === undefined) {
          if (answer.fault !== undefined) faults.push(answer.fault);
          isOutage ||= answer.mayPass === true;
          continue;
        }
        found.set(name, answer.found);
        if (inEnvironment !== undefined && inEnvironment.text.trim() !== answer.found.text.trim()) {
          settings.warn(variable, `the secret ${secret} is used, and not what the environment has`);
        }
        return;
      }
      if (faults.length === 0) return;
      if (inEnvironment === undefined && isOutage) addOutage(variable, faults.join(' '));
      else if (inEnvironment === undefined) unreadable.set(name, faults.join(' '));
      else {
        settings.warn(
          variable,
          `the value of the environment is used, and a new version will not reach this process: ${faults.join(' ')}`,
        );
      }
    },
  };
}

function isReference(value: Found | undefined): boolean {
  return value?.text.trim().startsWith('gcp-sm:') ?? false;
}
