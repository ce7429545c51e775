/** What clients need of the authorization server's metadata. */
import type { Environment } from '@sallyport/core';
import { failed, firstBroken, passed, type Step, warning } from '../../diagnosis/step.ts';
import type { Surroundings } from '../../surroundings.ts';
import { printable } from '../../terminal/printable.ts';
import { askAddress } from '../ask-address.ts';
import { metadataAddresses } from '../inside/discovery-steps.ts';
import { askAsClient } from './fetch-fields.ts';
import type { ServerFacts } from './server-facts.ts';

/** What was found out. */
export interface FoundServer {
  readonly steps: readonly Step[];
  readonly facts: Pick<
    ServerFacts,
    'isIssuerExact' | 'hasS256' | 'hasRegistration' | 'takesDocuments' | 'takesPublicClients'
  >;
  readonly isReadableByPages: boolean;
}

const nothing: FoundServer['facts'] = {
  isIssuerExact: false,
  hasS256: false,
  hasRegistration: false,
  takesDocuments: false,
  takesPublicClients: false,
};

/** Fetches and reads the metadata under the names that clients try. */
export async function examineAuthorizationServer(
  issuer: string,
  environment: Environment,
  surroundings: Surroundings,
): Promise<FoundServer> {
  const network = { allowPrivateNetwork: true, proxyUrl: undefined };
  let last: readonly Step[] = [];
  for (const url of metadataAddresses(issuer)) {
    const address = { url, variable: 'authorization_servers' };
    const { steps, json } = await askAddress(address, { environment, network }, surroundings);
    last = steps;
    if (firstBroken(steps) !== undefined || typeof json !== 'object' || json === null) continue;
    const { signal } = surroundings;
    const answer = await askAsClient(url, signal);
    const isReadableByPages = answer?.field('Access-Control-Allow-Origin') !== undefined;
    return { ...read(json as Metadata, issuer, steps), isReadableByPages };
  }
  const steps =
    last.length > 0
      ? last
      : [
          failed('issuer', {
            summary: `${printable(issuer)} is not an address`,
            owner: 'this server',
            cure: 'Set FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS to the https URL of the issuer that clients sign in at.',
          }),
        ];
  return { steps, facts: nothing, isReadableByPages: false };
}

type Metadata = Readonly<Record<string, unknown>>;

function read(
  metadata: Metadata,
  issuer: string,
  connection: readonly Step[],
): Pick<FoundServer, 'steps' | 'facts'> {
  const list = (name: string) =>
    Array.isArray(metadata[name]) ? (metadata[name] as unknown[]) : [];
  const methods = list('token_endpoint_auth_methods_supported');
  const facts = {
    isIssuerExact: metadata['issuer'] === issuer,
    hasS256: list('code_challenge_methods_supported').includes('S256'),
    hasRegistration: typeof metadata['registration_endpoint'] === 'string',
    takesDocuments: metadata['client_id_metadata_document_supported'] === true,
    // RFC 8414 §2: without the member it is client_secret_basic alone, which few servers mean.
    takesPublicClients: methods.length === 0 || methods.includes('none'),
  };
  return {
    facts,
    steps: [...connection, ...listSteps(metadata, issuer, facts)],
  };
}

function listSteps(
  metadata: Metadata,
  issuer: string,
  facts: FoundServer['facts'],
): readonly Step[] {
  const ways = [
    ...(facts.hasRegistration ? ['registration (RFC 7591)'] : []),
    ...(facts.takesDocuments ? ['client id metadata documents'] : []),
  ];
  return [
    facts.isIssuerExact
      ? passed('issuer', 'exact')
      : failed('issuer', {
          summary: 'the metadata names another issuer, so clients stop here (RFC 8414 §3.3)',
          expected: printable(issuer),
          found: printable(metadata['issuer']),
          owner: 'this server',
          cure: 'Name the issuer exactly as its own metadata does, in FASTMCP_SERVER_AUTH_AUTHORIZATION_SERVERS or FASTMCP_SERVER_AUTH_JWT_ISSUER.',
        }),
    facts.hasS256
      ? passed('S256', 'announced')
      : failed('S256', {
          summary: 'not announced; ChatGPT and others refuse such a server',
          expected: 'code_challenge_methods_supported with S256',
          found: printable(metadata['code_challenge_methods_supported']),
          owner: 'the identity provider',
          cure: 'Turn PKCE on. Where the provider does it without saying so, serve its metadata yourself with this member added.',
        }),
    metadata['authorization_response_iss_parameter_supported'] === true
      ? passed('iss', 'sent back with the code (RFC 9207)')
      : warning('iss', {
          summary: 'not sent back with the code (RFC 9207)',
          cure: 'Clients that use several authorization servers cannot tell whose answer it is. Turn it on if the provider can.',
        }),
    ways.length > 0
      ? passed('registration', ways.join(', '))
      : warning('registration', {
          summary: 'clients cannot register by themselves',
          cure: 'Register each client by hand, and enter its client id in the client.',
        }),
    facts.takesPublicClients
      ? passed('clients', 'without a secret are accepted')
      : warning('clients', {
          summary: 'without a secret are not accepted',
          cure: 'Allow "none" in token_endpoint_auth_methods_supported: programs on a desktop cannot keep a secret.',
        }),
  ];
}
