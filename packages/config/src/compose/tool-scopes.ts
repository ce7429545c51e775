/** Which scopes the tools need: what the server declares, or what the variable says in its place. */
import { ConfigError } from '@sallyport/core';
import { closest } from 'fastest-levenshtein';
import type { Config } from '../config.ts';
import { toolScopes } from '../variables/server-variables.ts';
import type { GateOptions } from './gate-options.ts';

/**
 * A tool that is misspelt or left out must not end up with other scopes than were meant.
 *
 * @throws {ConfigError} When the two do not name the same tools.
 */
export function readTools(config: Config, tools: GateOptions['tools']): GateOptions['tools'] {
  const { authentication, toolScopes: configured } = config;
  if (configured === undefined) {
    const { provider, scopeGrants } = {
      provider: undefined,
      scopeGrants: undefined,
      ...authentication,
    };
    const needed = Object.values(tools).flat();
    if (provider?.withoutScopes && scopeGrants === undefined && needed.length > 0) {
      throw new ConfigError(
        toolScopes.name,
        `is missing. The tools need ${[...new Set(needed)].join(' ')}, and the ID tokens of this issuer have no scopes. Set it to {} to let everybody who is signed in use every tool`,
      );
    }
    return tools;
  }
  const known = Object.keys(tools);
  const named = Object.keys(configured);
  // A server that declares none leaves it all to the variable; and `{}` is said on purpose.
  if (known.length === 0 || named.length === 0) return configured;
  for (const name of named) {
    if (known.includes(name)) continue;
    throw new ConfigError(
      toolScopes.name,
      `names ${JSON.stringify(name)}, which is not a tool. Did you mean ${closest(name, known)}?`,
    );
  }
  const missing = known.filter((name) => !named.includes(name));
  if (missing.length > 0) {
    throw new ConfigError(
      toolScopes.name,
      `must say what ${missing.join(', ')} needs: name every tool, or none as {}`,
    );
  }
  return configured;
}
