/** Tenants that no token of a known provider has. Each problem says what tokens have instead. */
import { findMistake, type Provider } from '@sallyport/verifier-jwt/providers';

/** What is wrong with the tenant of a preset, judged by its form. */
export function findTenantMistake({ tenant }: Provider, text: string): string | undefined {
  for (const part of text.split(',')) {
    const mistake = findMistake(part, tenant.mistakes ?? []);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}
