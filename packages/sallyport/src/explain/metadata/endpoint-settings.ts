/** The settings of a server as its public metadata tells them, for a gate that is configured in code. */
import { detectEnvironment } from '@sallyport/core';
import { firstBroken } from '../../diagnosis/step.ts';
import { askAddress } from '../../doctor/ask-address.ts';
import { metadataAddresses } from '../../doctor/inside/discovery-steps.ts';
import { readChallengeStep } from '../../doctor/outside/challenge-step.ts';
import { askAsClient, initialize } from '../../doctor/outside/fetch-fields.ts';
import type { SettingsSource } from '../../settings/settings-source.ts';
import type { Surroundings } from '../../surroundings.ts';
import { printable } from '../../terminal/printable.ts';
import { readTokenParts } from '../token-parts.ts';
import { isLocalIssuer } from './local-run.ts';

/** What the metadata come to, or the sentence that says why they come to nothing. */
export type EndpointSettings =
  | { readonly source: SettingsSource; readonly isLocal: boolean }
  | { readonly problem: string };

type Document = Readonly<Record<string, unknown>>;

const prefix = 'FASTMCP_SERVER_AUTH_';
// From outside, a server on this machine or in this network is as good as any.
const environment = detectEnvironment({ ENVIRONMENT: 'development' });
const network = { allowPrivateNetwork: true, proxyUrl: undefined };
// What a gate accepts that is given an issuer alone. The token chooses among them, as it does there.
const algorithms: ReadonlyMap<unknown, string> = new Map(
  ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'].map((name) => [
    name,
    name === 'Ed25519' ? 'EdDSA' : name,
  ]),
);

/**
 * Reads the metadata of a server (RFC 9728) and of its issuer (RFC 8414). They do not say which scopes a tool needs.
 *
 * @param token Chooses the issuer where the server trusts several, and the algorithm.
 */
export async function readEndpointSettings(
  endpoint: URL,
  token: string,
  surroundings: Surroundings,
): Promise<EndpointSettings> {
  const { header = {}, claims = {} } = readTokenParts(token) ?? {};
  const challenge = readChallengeStep(
    await askAsClient(endpoint.href, surroundings.signal, initialize),
  );
  const { origin, pathname } = endpoint;
  const path = pathname === '/' ? '' : pathname;
  const metadataUrl =
    challenge.metadataUrl ?? `${origin}/.well-known/oauth-protected-resource${path}`;
  const metadata = await readDocument(metadataUrl, surroundings);
  const issuers = [metadata?.['authorization_servers']].flat().filter(isText);
  const issuer = issuers.find((each) => each === claims['iss']) ?? issuers[0];
  const resource = metadata?.['resource'];
  if (issuer === undefined || !isText(resource) || !URL.canParse(resource)) {
    const url = printable(endpoint.href);
    return {
      problem: `${printable(metadataUrl)} does not say who issues the tokens of this server. "sallyport doctor ${url}" says why.`,
    };
  }
  for (const url of metadataAddresses(issuer)) {
    const jwksUri = (await readDocument(url, surroundings))?.['jwks_uri'];
    if (!isText(jwksUri)) continue;
    const algorithm = algorithms.get(header['alg']) ?? 'RS256';
    const variables = {
      ENVIRONMENT: 'development',
      [`${prefix}TYPE`]: 'jwt',
      [`${prefix}RESOURCE_URL`]: resource,
      [`${prefix}JWT_ISSUER`]: issuer,
      [`${prefix}JWT_AUDIENCE`]: resource,
      [`${prefix}JWT_JWKS_URI`]: jwksUri,
      [`${prefix}JWT_ALGORITHM`]: algorithm,
      [`${prefix}ALLOW_PRIVATE_NETWORK`]: 'true',
      [`${prefix}TOOL_SCOPES`]: '{}',
    };
    const name = `the metadata of ${printable(endpoint.href)}`;
    // As "dev" does it: the server and its authorization server are both on this machine.
    const isLocal = isLocalIssuer(issuer) && isLocalIssuer(new URL(resource).origin);
    return { source: { name, variables, hidden: new Map() }, isLocal };
  }
  return {
    problem: `The issuer ${printable(issuer)} does not say where its keys are. "sallyport doctor ${printable(endpoint.href)}" says why.`,
  };
}

const inCode = [
  ['JWT_ISSUER', 'issuer'],
  ['JWT_AUDIENCE', 'audience'],
  ['JWT_JWKS_URI', 'keys'],
  ['JWT_ALGORITHM', 'algorithms'],
] as const;

/** A server that is configured in code has no variables: its cures name the options as well. */
export function nameOptions(cure: string): string {
  return inCode.reduce(
    (text, [variable, option]) =>
      text.replace(`${prefix}${variable}`, `${prefix}${variable} (in code: ${option})`),
    cure,
  );
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** By the request of the gate: guarded, with limits, and without redirects. */
async function readDocument(
  url: string,
  surroundings: Surroundings,
): Promise<Document | undefined> {
  const address = { url, variable: undefined };
  const asked = await askAddress(address, { environment, network }, surroundings);
  const isDocument = firstBroken(asked.steps) === undefined && typeof asked.json === 'object';
  return isDocument ? ((asked.json as Document | null) ?? undefined) : undefined;
}
