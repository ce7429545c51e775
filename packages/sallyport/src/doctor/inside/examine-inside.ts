/** Everything that this server needs from others, step by step. */
import type { Config, IntrospectionAuthentication, JwtAuthentication } from '@sallyport/config';
import { readNetworkFault } from '../../diagnosis/network-faults.ts';
import { failed, firstBroken, leftOut, passed, type Step, warning } from '../../diagnosis/step.ts';
import { type LoadedSettings, loadSettings } from '../../settings/load-settings.ts';
import type { SettingsSource } from '../../settings/settings-source.ts';
import type { Surroundings } from '../../surroundings.ts';
import { printable } from '../../terminal/printable.ts';
import { askAddress } from '../ask-address.ts';
import type { Section } from '../section.ts';
import { readApiKeyStep } from './api-key-step.ts';
import { readClockStep } from './clock-step.ts';
import { listDiscoverySteps } from './discovery-steps.ts';
import { listKeySteps } from './key-steps.ts';
import { readRedisStep } from './redis-step.ts';
import { listSecretSteps } from './secret-steps.ts';
import { readSignInStep } from './sign-in-step.ts';
import { type TrialGate, withTrialGate } from './trial-gate.ts';

const variable = (name: string): string => `FASTMCP_SERVER_AUTH_${name}`;

/** Looks at settings, secrets, the identity provider and Redis. */
export async function examineInside(
  source: SettingsSource,
  surroundings: Surroundings,
): Promise<readonly Section[]> {
  const loaded = await loadSettings(source, { readsSecrets: true });
  const { config } = loaded;
  const settings: Section = { title: 'Settings', steps: listSettingsSteps(loaded, source) };
  if (config === undefined) return [settings];
  // Without the sign-in, the gate names the issuer of the tokens.
  const atProvider = { ...config, signIn: undefined };
  return withTrialGate(atProvider, surroundings.signal, async (gate) => {
    const sections = [settings, await examineProvider(atProvider, gate, surroundings)];
    if (config.signIn !== undefined) {
      const step = await readSignInStep(config, surroundings.signal);
      sections.push({ title: 'Sign-in at this server', steps: [step] });
    }
    if (config.rateLimit?.redisUrl !== undefined) {
      const step = readRedisStep(await gate.findRedisFault());
      sections.push({ title: 'Rate limit', steps: [step] });
    }
    if (config.apiKeys !== undefined) {
      const { resource, apiKeys } = config;
      const step = await readApiKeyStep(apiKeys, { resource, now: surroundings.now });
      sections.push({ title: 'API keys', steps: [step] });
    }
    return sections;
  });
}

function listSettingsSteps(loaded: LoadedSettings, { name }: SettingsSource): readonly Step[] {
  const secrets = listSecretSteps(loaded);
  const { config, problems } = loaded;
  if (config !== undefined) {
    const warnings = config.warnings.map((text) => warning('setting', { summary: text }));
    return [passed('settings', `in order, from ${name}`), ...secrets, ...warnings];
  }
  const steps = problems.map(({ variable: wrong, problem }) =>
    failed('settings', {
      summary: wrong ?? 'a secret cannot be read',
      owner: 'this server',
      cure: wrong === undefined ? problem : `${wrong} ${problem}`,
    }),
  );
  // A secret that cannot be read is the reason why its variable is missing.
  return [...secrets, ...steps];
}

async function examineProvider(
  config: Config,
  gate: TrialGate,
  surroundings: Surroundings,
): Promise<Section> {
  const { authentication } = config;
  const issuer = (await gate.issuer()) ?? 'none';
  const title = `Identity provider ${printable(issuer)}`;
  switch (authentication.type) {
    case 'jwt':
      return { title, steps: await listJwtSteps(config, { authentication, issuer }, surroundings) };
    case 'introspection':
      return {
        title,
        steps: await listIntrospectionSteps(config, { authentication, gate }, surroundings),
      };
    default:
      return {
        title: 'Identity provider',
        steps: [leftOut('none', `tokens are ${authentication.type}`)],
      };
  }
}

interface JwtGiven {
  readonly authentication: JwtAuthentication;
  readonly issuer: string;
}

async function listJwtSteps(
  config: Config,
  { authentication, issuer }: JwtGiven,
  surroundings: Surroundings,
): Promise<readonly Step[]> {
  const { keys, algorithm, clockSkewSeconds } = authentication;
  if (keys.kind === 'hmac' || keys.kind === 'public key') {
    return [
      passed(
        'keys',
        `a ${keys.kind === 'hmac' ? 'shared secret' : 'public key'} from the settings`,
      ),
    ];
  }
  const url =
    keys.kind === 'jwks' ? keys.url : await findPublishedKeys(issuer, config, surroundings);
  if (url === undefined) {
    return listDiscoverySteps({ issuer, jwksUri: undefined }, config, surroundings);
  }
  const address = { url, variable: keys.kind === 'jwks' ? variable('JWT_JWKS_URI') : undefined };
  const { steps, json, look } = await askAddress(address, config, surroundings);
  if (firstBroken(steps) !== undefined) return steps;
  return [
    ...steps,
    readClockStep(look, clockSkewSeconds),
    ...listKeySteps(json, algorithm),
    ...(await listDiscoverySteps({ issuer, jwksUri: url }, config, surroundings)),
  ];
}

/** Presets know where keys are; the metadata of their issuers says it, too. */
async function findPublishedKeys(
  issuer: string,
  config: Config,
  surroundings: Surroundings,
): Promise<string | undefined> {
  if (!URL.canParse(issuer)) return undefined;
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { json } = await askAddress({ url, variable: undefined }, config, surroundings);
  const found = (Object(json) as { jwks_uri?: unknown }).jwks_uri;
  return typeof found === 'string' ? found : undefined;
}

interface IntrospectionGiven {
  readonly authentication: IntrospectionAuthentication;
  readonly gate: TrialGate;
}

async function listIntrospectionSteps(
  config: Config,
  { authentication: { url, issuer }, gate }: IntrospectionGiven,
  surroundings: Surroundings,
): Promise<readonly Step[]> {
  const address = { url, variable: variable('INTROSPECTION_URL') };
  const { steps, look } = await askAddress(address, config, surroundings, true);
  if (firstBroken(steps) !== undefined) return steps;
  const fault = await gate.askAboutUnknownToken();
  return [
    ...steps,
    readClockStep(look, 60),
    describeQuestion(fault, address),
    ...(await listDiscoverySteps({ issuer, jwksUri: undefined }, config, surroundings)),
  ];
}

function describeQuestion(
  fault: Awaited<ReturnType<TrialGate['askAboutUnknownToken']>>,
  address: { readonly url: string; readonly variable: string },
): Step {
  if (fault === undefined) return passed('credentials', 'accepted; an unknown token is not active');
  const summary = printable(fault.detail.replace(/^introspection: /, ''));
  if (!fault.isRefused) {
    const { owner, cure } = readNetworkFault(fault.detail, address);
    return failed('question', { summary, owner, cure });
  }
  return failed('credentials', {
    summary,
    owner: 'this server',
    cure: `Correct ${variable('INTROSPECTION_CLIENT_ID')} and ${variable('INTROSPECTION_CLIENT_SECRET')}, and allow this client to introspect at the provider.`,
  });
}
