/** What rules for cures are made of. */
import type { Provider } from '@sallyport/verifier-jwt/providers';
import type { AskedAddress } from '../../diagnosis/network-faults.ts';
import type { Owner } from '../../diagnosis/step.ts';
import { type CureFacts, cureAtProvider } from '../provider-cures.ts';
import { nameOfProvider } from '../providers.ts';
import type { Expectations } from '../rules/expectations.ts';
import type { JwtStep } from '../step-of-verdict.ts';

/** A refusal, and what is known around it. */
export interface Refused {
  readonly step: JwtStep;
  readonly detail: string;
  readonly provider: Provider | undefined;
  readonly expectations: Expectations;
  /** Where keys come from; `undefined` where they are at hand. */
  readonly keysAt: AskedAddress | undefined;
  /** The names of the variables that say what is expected of this kind of token. */
  readonly variables: { readonly issuer: string; readonly audience: string };
}

/** The cure, and who can apply it. */
export interface Cure {
  readonly owner: Owner;
  readonly cure: string;
}

/** What the detail of the refusal looks like, whose it is, and what to do. The first that fits counts. */
export type Rule = readonly [
  pattern: RegExp,
  owner: Owner,
  cure: (refused: Refused) => string | undefined,
];

export const variable = (name: string): string => `FASTMCP_SERVER_AUTH_JWT_${name}`;
export const provider = ({ provider: found }: Refused): string => nameOfProvider(found);
export const facts = ({ expectations: { audiences, scopes } }: Refused): CureFacts => ({
  audience: audiences?.[0] ?? 'this server',
  scopes: scopes.join(' ') || 'the scope',
});
export const atProvider =
  (topic: 'audience' | 'scopes' | 'opaque') =>
  (refused: Refused): string | undefined =>
    cureAtProvider(refused.provider, topic, facts(refused));

/** Something else was sent in place of an access token. */
export const idToken: Rule = [
  /ID token|refresh token|logout token|client assertion|DPoP proof|security event/,
  'the client',
  (refused) =>
    `The client must send the access token that ${provider(refused)} issued with it, not this one.`,
];
