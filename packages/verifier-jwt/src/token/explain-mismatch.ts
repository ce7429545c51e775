/**
 * Says how a claim differs from the configuration, in words from a closed list. It may quote what is
 * configured. It never quotes the token. Called on refusals only.
 */
import {
  type Claims,
  explainDifference,
  explainAudience as explainOtherAudience,
  explainIssuer as explainOtherIssuer,
  listNames,
} from '@sallyport/core';
import { knownProviders } from '../providers/known-providers.ts';
import type { Mistake } from '../providers/provider.ts';

/**
 * How an `aud` differs from the audiences of this server.
 *
 * @param claims For audiences that are the issuer or the client of the very same token.
 */
export function explainAudience(
  audience: readonly string[],
  own: readonly string[],
  claims: Claims,
): string {
  const known = audience.flatMap((value) => explainKnownAudience(value, own, claims) ?? []);
  const others = audience.filter((value) => explainKnownAudience(value, own, claims) === undefined);
  const [first] = known;
  if (first === undefined) return explainOtherAudience(audience, own);
  return explainDifference(others, own) ?? `${first}; configured: ${listNames(own)}`;
}

/** Audiences that name something else than a server. */
function explainKnownAudience(
  value: string,
  own: readonly string[],
  { iss, client_id: client, azp }: Claims,
): string | undefined {
  const bare = value.replace(/\/$/, '');
  const mistake = knownProviders
    .flatMap(({ audienceMistakes = [] }) => audienceMistakes)
    .find(([form]) => form.test(bare))?.[1];
  if (mistake !== undefined) return mistake;
  if (typeof iss === 'string') {
    const issuer = iss.replace(/\/$/, '');
    if (bare === issuer) return 'the issuer itself: the client must name this server as resource';
    if (value.startsWith(issuer) && bare.endsWith('/userinfo')) {
      return 'for the userinfo endpoint of the issuer: the client must name this server as resource or audience';
    }
  }
  if (value === client || value === azp) {
    return 'the client of the token: an ID token has this, or an access token that was requested without a resource';
  }
  const pieces = value.split(/[\s,"'[\]]+/).filter((piece) => piece !== '');
  const isList = pieces.length > 1 || /^\[.*\]$/.test(value);
  return isList && pieces.some((piece) => own.includes(piece))
    ? 'a list in one text; it must be a JSON array'
    : undefined;
}

/** Explains how an `iss` differs from the trusted issuers, for the log. */
export function explainIssuer(iss: unknown, trusted: readonly string[]): string {
  const provider = typeof iss === 'string' ? explainProvider(iss, trusted) : undefined;
  return provider ?? explainOtherIssuer(iss, trusted);
}

function explainProvider(iss: string, trusted: readonly string[]): string | undefined {
  for (const { explainIssuer: explain } of knownProviders) {
    const explained = explain?.(iss, trusted);
    if (explained !== undefined) return explained;
  }
  if (explainDifference([iss], trusted) !== undefined) return undefined;
  const origin = originOf(iss);
  return origin === undefined ? undefined : `${origin}; configured: ${listNames(trusted)}`;
}

function originOf(iss: string): string | undefined {
  const other = otherOrigins.find(([form]) => form.test(iss))?.[1];
  if (other !== undefined) return other;
  const provider = knownProviders.find(({ issuers }) => issuers?.test(iss));
  return provider && `an issuer of ${provider.title}`;
}

/** Issuers that have no preset. */
const otherOrigins: readonly Mistake[] = [
  [/^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/, 'an issuer on the loopback address'],
  [/^https:\/\/[\w-]+\.(?:b2clogin|ciamlogin)\.com\//, 'an issuer of Entra External ID or B2C'],
  [/^https:\/\/token\.actions\.githubusercontent\.com/, 'an issuer of GitHub Actions'],
  [/^https:\/\/gitlab\.com$/, 'an issuer of GitLab'],
  [
    /^https:\/\/(?:kubernetes\.default|oidc\.eks\.|container\.googleapis)/,
    'an issuer of Kubernetes',
  ],
];
