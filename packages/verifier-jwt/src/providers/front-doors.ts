import type { Provider, ProviderRules } from './provider.ts';
import { googleIap } from './table.ts';

const rows: readonly ProviderRules<never>[] = [googleIap];

/**
 * The providers whose tokens a proxy in front of the server adds to each request, in a field of their own. They are
 * apart from `knownProviders`, because no client sends such a token and no address names them.
 */
export const frontDoors: readonly Provider[] = rows as readonly Provider[];
