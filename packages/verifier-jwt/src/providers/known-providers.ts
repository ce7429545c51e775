import type { Provider, ProviderRules } from './provider.ts';
import type { ProviderOptions } from './provider-options.ts';
import * as table from './table.ts';

/**
 * Every identity provider that Sallyport knows, by name. Google's Identity-Aware Proxy is not among
 * them: it sends no bearer tokens, so no configuration can name it.
 */
export const knownProviders: readonly Provider[] = /* @__PURE__ */ Object.values<
  ProviderRules<ProviderOptions>
>(table).filter((row): row is Provider => 'tenant' in row);
