import type { ProviderName } from './provider-names.ts';

const entra =
  /^https:\/\/(?:login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0|sts\.windows\.net\/([0-9a-f-]{36})\/)$/;

/** Issuers that say all by themselves which rules their tokens follow. */
export function recogniseProvider(issuer: string | undefined): ProviderName | undefined {
  if (issuer === undefined) return undefined;
  if (/^(https:\/\/)?accounts\.google\.com$/.test(issuer)) return 'google';
  return entra.test(issuer) ? 'entra' : undefined;
}

/** The tenant and the version of the tokens that an issuer of Entra stands for. */
export function readEntraIssuer(
  issuer: string | undefined,
): { readonly tenant: string; readonly tokenVersion: 1 | 2 } | undefined {
  const [, second, first] = entra.exec(issuer ?? '') ?? [];
  if (second !== undefined) return { tenant: second, tokenVersion: 2 };
  return first === undefined ? undefined : { tenant: first, tokenVersion: 1 };
}
