/** The metadata of the identity provider: does it say what the settings say? */
import type { Config } from '@sallyport/config';
import { failed, passed, type Step, warning } from '../../diagnosis/step.ts';
import type { Surroundings } from '../../surroundings.ts';
import { printable } from '../../terminal/printable.ts';
import { askAddress } from '../ask-address.ts';

/** What is compared with the metadata. */
export interface Discovered {
  readonly issuer: string;
  /** `undefined` where a preset knows the address. */
  readonly jwksUri: string | undefined;
}

/** OpenID Connect appends its path to the issuer's; RFC 8414 §3.1 inserts its own before it. */
export function metadataAddresses(issuer: string): readonly string[] {
  const url = URL.parse(issuer);
  if (url === null || !/^https?:$/.test(url.protocol)) return [];
  const path = url.pathname.replace(/\/$/, '');
  return [
    `${url.origin}${path}/.well-known/openid-configuration`,
    `${url.origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

/** Never fails for missing metadata: the gate works without. */
export async function listDiscoverySteps(
  { issuer, jwksUri }: Discovered,
  config: Config,
  surroundings: Surroundings,
): Promise<readonly Step[]> {
  for (const url of metadataAddresses(issuer)) {
    const { json } = await askAddress({ url, variable: undefined }, config, surroundings);
    if (typeof json === 'object' && json !== null) return compare(json, { issuer, jwksUri });
  }
  return [
    warning('discovery', {
      summary: 'the issuer serves no metadata',
      cure: 'MCP clients find the sign-in page by it (RFC 8414). Without it they cannot sign in by themselves.',
    }),
  ];
}

function compare(metadata: object, { issuer, jwksUri }: Discovered): readonly Step[] {
  const { issuer: named, jwks_uri: keys } = metadata as Readonly<Record<string, unknown>>;
  if (named !== issuer) {
    return [
      failed('discovery', {
        summary: 'the metadata names another issuer',
        expected: printable(issuer),
        found: printable(named),
        owner: 'this server',
        cure: 'Set FASTMCP_SERVER_AUTH_JWT_ISSUER to exactly what is found: tokens have it too.',
      }),
    ];
  }
  const steps: Step[] = [passed('discovery', 'the metadata names this issuer')];
  if (jwksUri !== undefined && keys !== undefined && keys !== jwksUri) {
    steps.push(
      warning('jwks_uri', {
        summary: 'the metadata names another address for keys',
        expected: printable(jwksUri),
        found: printable(keys),
        cure: 'Set FASTMCP_SERVER_AUTH_JWT_JWKS_URI to what is found, unless you know better.',
      }),
    );
  }
  return steps;
}
