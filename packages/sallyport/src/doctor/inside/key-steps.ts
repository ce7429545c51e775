import { ConfigError } from '@sallyport/core';
import { localJwks } from '@sallyport/verifier-jwt';
import { failed, leftOut, passed, type Step, warning } from '../../diagnosis/step.ts';
import { printable } from '../../terminal/printable.ts';

type Algorithms = Parameters<ReturnType<typeof localJwks>['open']>[0];

// Those that a preset accepts where the settings name none.
const usual = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const mostShown = 20;

/** Says of each key of a set whether the gate can use it, and why not. */
export function listKeySteps(document: unknown, algorithm: string | undefined): readonly Step[] {
  const keys = (Object(document) as { keys?: unknown }).keys;
  if (!Array.isArray(keys)) {
    return [
      failed('keys', {
        summary: 'the document has no list "keys"',
        owner: 'this server',
        cure: "Set FASTMCP_SERVER_AUTH_JWT_JWKS_URI to the jwks_uri of the provider's metadata.",
      }),
    ];
  }
  const algorithms = algorithm === undefined ? usual : [algorithm];
  const judged = keys.map((key) => ({ key, fault: findFault(key, algorithms) }));
  const usable = judged.filter(({ fault }) => fault === undefined);
  const each = judged.slice(0, mostShown).map(({ key, fault }) => describe(key, fault));
  const count = `${usable.length} of ${keys.length} usable for ${algorithm ?? 'the preset'}`;
  if (usable.length > 0) return [passed('keys', count), ...each];
  return [
    failed('keys', {
      summary: count,
      owner: 'the identity provider',
      cure: `Publish a key for ${algorithm ?? 'RS256'}, or set FASTMCP_SERVER_AUTH_JWT_ALGORITHM to the algorithm of these keys.`,
    }),
    ...each,
  ];
}

/** The very check of the gate, for one key. */
function findFault(key: unknown, algorithms: readonly string[]): string | undefined {
  try {
    localJwks({ keys: [key] }).open(algorithms as Algorithms);
    return undefined;
  } catch (error) {
    const problem = error instanceof ConfigError ? error.problem : 'malformed';
    return problem.replace(/^no key fits .*?: (?:\d+ )?/, '');
  }
}

function describe(key: unknown, fault: string | undefined): Step {
  const { kid, kty, alg, crv } = Object(key) as Readonly<Record<string, unknown>>;
  const kind = [kty, crv, alg].filter((part) => typeof part === 'string').join(' ');
  const title = `${printable(kind || 'no key')} ${kid === undefined ? 'without an id' : printable(kid)}`;
  if (fault === undefined) return passed('key', title);
  const summary = `${title}; not used: ${fault}`;
  return fault === 'private' || fault === 'symmetric'
    ? warning('key', { summary, cure: 'Withdraw this key at once: its secret is published.' })
    : leftOut('key', summary);
}
