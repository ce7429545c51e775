import type { AuthErrorCode } from '@sallyport/core';
import type { AsymmetricAlgorithm, ProviderOptions, TrustedIssuer } from '../../src/index.ts';
import type { Claims } from './fixture-issuer.ts';

/** A token that differs from the right one, and why it is refused. */
export interface Neighbour {
  /** Claims in the place of the right token's; `undefined` leaves one out. */
  readonly claims: Claims;
  readonly header?: Claims;
  readonly code: AuthErrorCode;
}

/** What a provider is documented to issue, and what its preset is to make of it. */
export interface ProviderShape {
  readonly preset: (common: ProviderOptions) => TrustedIssuer;
  readonly algorithm: AsymmetricAlgorithm;
  readonly keysUrl: string;
  readonly header: Claims;
  readonly claims: Claims & { readonly iss: string };
  readonly principal: {
    readonly subject: string;
    readonly clientId: string;
    readonly audience: readonly string[];
    readonly scopes: ReadonlySet<string>;
  };
  readonly neighbours: Readonly<Record<'another tenant' | 'for somebody else', Neighbour>> &
    Readonly<Record<string, Neighbour>>;
}

export const resource = 'https://mcp.acme.com/mcp';
export const guid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
export const otherGuid = '9c5b94b1-35ad-49bb-b118-8e8fc24abf80';
