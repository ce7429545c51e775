/** What an anonymous list means for the server behind the gate. */
import type { Config } from '@sallyport/config';
import { ConfigError } from '@sallyport/core';
import { anonymousAccess, createSecuritySchemes } from '@sallyport/mcp-adapter/anonymous';
import type { HttpUpstreamOptions } from '@sallyport/proxy';
import type { Target } from './serve-options.ts';

/** @throws {ConfigError} When a command is to serve callers without a token. */
export function assertAnonymousFits({ anonymous }: Config, { kind }: Target): void {
  if (anonymous === undefined || kind === 'http') return;
  throw new ConfigError(
    `FASTMCP_SERVER_AUTH_ANONYMOUS_${anonymous.tools.length > 0 ? 'TOOLS' : 'METHODS'}`,
    'needs a server over HTTP: no process starts for a caller without a token. Start the server yourself, and give its URL with --upstream',
  );
}

/** Says in `tools/list` which tools need a token, if some do not. */
export function describeSecurity({
  anonymous,
  authentication,
  toolScopes = {},
}: Config): Pick<HttpUpstreamOptions, 'securitySchemes'> {
  if (anonymous === undefined) return {};
  const { provider, audience } = { provider: undefined, audience: undefined, ...authentication };
  const { requestName } = provider ?? {};
  return {
    securitySchemes: createSecuritySchemes({
      tools: toolScopes,
      anonymous: anonymousAccess(anonymous),
      ...(requestName !== undefined &&
        audience !== undefined && {
          requestName: (scope: string) => requestName(scope, audience),
        }),
    }),
  };
}
