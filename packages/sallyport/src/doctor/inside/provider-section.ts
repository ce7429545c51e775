/** The identity providers, and whether this server can use what they publish. */
import type { Config, IntrospectionAuthentication, JwtAuthentication } from '@sallyport/config';
import { readNetworkFault } from '../../diagnosis/network-faults.ts';
import { failed, firstBroken, leftOut, passed, type Step } from '../../diagnosis/step.ts';
import { listTrustedIssuers, nameEntry } from '../../settings/trusted-issuers.ts';
import type { Surroundings } from '../../surroundings.ts';
import { printable } from '../../terminal/printable.ts';
import { askAddress } from '../ask-address.ts';
import type { Section } from '../section.ts';
import { readClockStep } from './clock-step.ts';
import { listDiscoverySteps } from './discovery-steps.ts';
import { listKeySteps } from './key-steps.ts';
import type { TrialGate } from './trial-gate.ts';

const variable = (name: string): string => `FASTMCP_SERVER_AUTH_${name}`;

/** One section for each issuer. */
export async function examineProviders(
  config: Config,
  gate: TrialGate,
  surroundings: Surroundings,
): Promise<readonly Section[]> {
  const several = await listTrustedIssuers(config);
  if (several.length === 0) return [await examineProvider(config, gate, surroundings)];
  return Promise.all(
    several.map(async (entry, index) => {
      const only = { ...gate, issuer: async () => entry.issuer };
      const { title, steps } = await examineProvider(entry.config, only, surroundings);
      const named = steps.map((step) =>
        step.cure === undefined ? step : { ...step, cure: nameEntry(step.cure, index) },
      );
      return { title, steps: named };
    }),
  );
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
