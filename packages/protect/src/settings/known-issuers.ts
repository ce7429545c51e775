/** What is known about an issuer that is given as an address: its form shows which provider it is of. */
import { ConfigError, type EventListener } from '@sallyport/core';
import { findIssuerMistake, findProvider, type Provider } from '@sallyport/verifier-jwt/providers';

/**
 * Tells what an address of a known provider lacks. It changes no rule: a provider knows more than its address says.
 *
 * An address that works is the event `issuer_recognised`.
 *
 * @param hasAudience The settings name the `aud` of the tokens. Otherwise it is the resource.
 * @throws {ConfigError} When no token has this issuer, or the provider's tokens would all be refused.
 */
export function checkKnownIssuer(
  issuer: string,
  hasAudience: boolean,
  onEvent: EventListener,
): void {
  const mistake = findIssuerMistake(issuer);
  if (mistake !== undefined) throw new ConfigError('protect.issuer', mistake);
  const provider = findProvider(issuer);
  if (provider === undefined) return;
  const { name, title } = provider;
  const advice = `The issuer is an address of ${title}. Give what providers.${name}({ … }) of @sallyport/verifier-jwt returns`;
  if (needsMoreThanAddress(provider, hasAudience)) throw new ConfigError('protect.issuer', advice);
  onEvent({ type: 'issuer_recognised', provider: name, advice });
}

/** Whether every token would be refused, or tokens for other servers accepted. */
function needsMoreThanAddress(
  { withoutScopes, audience, signsWith }: Provider,
  hasAudience: boolean,
): boolean {
  // ID tokens are refused, and so are other algorithms. An `aud` that names no server tells nothing.
  if (withoutScopes === true || signsWith !== undefined) return true;
  return audience === 'fixed' || (audience === 'client' && !hasAudience);
}
