/** Which secrets are asked for, and what happens when one cannot be had. */
import { isAuthError, type SecretProvider } from '@sallyport/core';
import { readAuthenticationType } from '../authentication/authentication-type.ts';
import { isConfigError, type Problems } from '../report/problems.ts';
import type { Found } from '../report/shown-setting.ts';
import type { Settings, Values } from '../values/settings.ts';
import { variables } from '../variables/all-variables.ts';
import { apiKeyFile, apiKeyRedisUrl, apiKeySecret } from '../variables/api-key-variables.ts';
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
  previousKey,
  publicKey,
} from '../variables/jwt-variables.ts';
import { secretBackend } from '../variables/secret-variables.ts';
import { sessionSecret } from '../variables/server-variables.ts';
import {
  signInClientId,
  signInClientSecret,
  signInKey,
  signInPreviousKey,
} from '../variables/sign-in-variables.ts';
import type { Variable } from '../variables/variable.ts';
import { secretBackends } from './backends/all-backends.ts';
import type { OpenBackend } from './open-secret-backend.ts';
import { readReference, type SecretReference } from './secret-reference.ts';

type Answer =
  | { readonly found: Found }
  | {
      readonly found?: never;
      readonly fault: string | undefined;
      /** Asking again later may help, without a change by anybody. */
      readonly mayPass?: boolean;
      /** The text cannot be a name in this backend. */
      readonly isNoName?: true;
    };

// For all of them together: each has limits of its own.
const longestWaitMs = 20_000;

/**
 * Reads the secrets that the type of authentication needs, all at once: from the backend first and from
 * the environment second, so that a new version reaches a running process.
 *
 * A variable that names its secret has no second source. The others use the environment when their
 * secret is missing or cannot be read.
 */
export async function readWantedSecrets(
  backend: OpenBackend | 'unusable' | undefined,
  settings: Settings,
  values: Values,
  problems: Problems,
): Promise<void> {
  const ownScheme = typeof backend === 'object' ? backend.scheme : undefined;
  const referenceIn = ({ name }: Variable) =>
    readReference(values.found.get(name)?.text ?? '', ownScheme);
  const named = variables.filter((variable) => referenceIn(variable) !== undefined);
  if (backend === 'unusable') {
    // What they hold is not known: neither that they are missing, nor that they are not.
    for (const { name } of [...named, ...listWanted(settings), publicKey])
      values.answered.add(name);
    for (const { name } of named) values.found.delete(name);
    return;
  }
  if (backend === undefined) {
    for (const variable of named)
      refuseReference(variable, referenceIn(variable)?.scheme, problems);
    return;
  }
  const outages = new Map<string, string>();
  const read = createReader(backend, settings, { ...values, outages }, problems);
  const wanted = listWanted(settings);
  await Promise.all([
    ...named.map((variable) => read.named(variable, referenceIn(variable) as SecretReference)),
    ...wanted.filter((variable) => !named.includes(variable)).map(read.byDefault),
  ]);
  // One key or the other: asking for both would ask for one that need not be there.
  const needsKey = wanted.includes(jwksUri) && !settings.isSet(jwksUri);
  if (needsKey && !settings.isSet(publicKey)) await read.byDefault(publicKey);
  if (outages.size > 0) {
    const reasons = [...new Set(outages.values())].join(' ');
    problems.addOutage(
      `${backend.provider.name} could not be asked for ${[...outages.keys()].join(', ')}. Starting again may help: ${reasons}`,
    );
  }
}

function refuseReference(
  { name }: Variable,
  scheme: string | undefined,
  problems: Problems,
  used?: SecretProvider,
): void {
  const meant = secretBackends.find((backend) => backend.scheme === scheme);
  const state = used === undefined ? 'nothing reads secrets' : `secrets are read from ${used.name}`;
  problems.add(name, `names a secret, and ${state}. Set ${secretBackend.name}=${meant?.name}`);
}

function listWanted(settings: Settings): readonly Variable[] {
  const hasKeys = [apiKeyFile, apiKeyRedisUrl].some(settings.isSet);
  const ofSignIn = [signInClientSecret, signInKey, signInPreviousKey];
  return [
    ...listOfType(settings),
    ...(hasKeys ? [apiKeySecret] : []),
    ...(settings.isSet(signInClientId) ? ofSignIn : []),
  ];
}

function listOfType(settings: Settings): readonly Variable[] {
  switch (readAuthenticationType(settings)) {
    case 'jwt':
      if (settings.isSet(jwtProvider)) return [jwtAudience, sessionSecret];
      return [jwtIssuer, jwtAudience, isHmac(settings) ? publicKey : jwksUri, sessionSecret];
    case 'introspection':
      return [introspectionUrl, introspectionClientId, introspectionClientSecret, sessionSecret];
    case 'api-key':
      return [sessionSecret];
    default:
      return [];
  }
}

function isHmac(settings: Settings): boolean {
  return settings.read(jwtAlgorithm).startsWith('HS');
}

const noName: Answer = { fault: undefined, isNoName: true };

function createReader(
  { provider, scheme, referenceForm, nameOf }: OpenBackend,
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
      if (isConfigError(error)) return noName;
      if (!isAuthError(error)) throw error;
      const mayPass = signal.aborted || error.retryAfterSeconds !== undefined;
      return { fault: error.detail ?? 'no reason is known', mayPass };
    }
  }

  /** An outage: the variable must not be reported as missing as well. */
  function addOutage({ name }: Variable, fault: string): void {
    outages.set(name, fault);
    answered.add(name);
    if (name === jwksUri.name) answered.add(publicKey.name);
  }

  return {
    async named(variable: Variable, reference: SecretReference): Promise<void> {
      const { name } = variable;
      if (reference.scheme !== scheme) {
        return refuseReference(variable, reference.scheme, problems, provider);
      }
      const { name: secret } = reference;
      const answer = secret === undefined ? noName : await ask(secret);
      if (answer.found !== undefined) found.set(name, answer.found);
      else if (answer.isNoName) problems.add(name, `must name a secret as ${referenceForm}`);
      else if (answer.fault !== undefined && answer.mayPass) {
        found.delete(name);
        addOutage(variable, answer.fault);
      } else if (variable === previousKey) {
        // It was disabled or deleted on purpose, and an instance must be able to start all the same.
        found.delete(name);
        answered.add(name);
        settings.warn(
          variable,
          `was not read, and is not used: ${answer.fault ?? `there is no secret ${secret}`}`,
        );
      } else problems.add(name, answer.fault ?? `names the secret ${secret}, which is not there`);
    },

    async byDefault(variable: Variable): Promise<void> {
      const { name } = variable;
      const inEnvironment = found.get(name);
      const faults: string[] = [];
      let isOutage = false;
      // A PEM is not where the page for HMAC keys puts them.
      const secretNames = (
        isHmac(settings) ? variable.secretNames : variable.secretNames.slice(0, 1)
      ).map(nameOf);
      // At once, so that two names take no longer than one.
      const answers = await Promise.all(
        secretNames.map(async (secret) => ({ secret, answer: await ask(secret) })),
      );
      for (const { secret, answer } of answers) {
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
