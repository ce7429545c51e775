import type { IncomingMessage, ServerResponse } from 'node:http';
import { expressGate, hasOtherGate } from '@sallyport/mcp-adapter/express';
import { presentNodeRequest } from './hosts/node-request.ts';
import {
  type HostParts,
  type HostSettings,
  openProtection,
  type Protection,
} from './protection.ts';
import { named } from './settings/setting-names.ts';
import type { ProtectSettings } from './settings/settings.ts';

/** Settings of `protect` for Express. */
export type ExpressSettings = ProtectSettings & HostSettings;

/** Middleware for Express 4 and 5. */
export type ProtectedMiddleware = ((
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void) &
  Protection;

/**
 * Express middleware. What comes after it has `request.auth`, the parsed `request.body`, and no `Authorization`
 * header.
 *
 * Use it for the whole application and before any body parser. Mounted below a path, it is mounted at
 * `metadataPath` too; otherwise it reports `metadata_unreachable` at the first request.
 *
 * @example
 * ```ts
 * app.use(await protect({ resource, issuer, tools }));
 * app.all('/mcp', (request, response) => transport.handleRequest(request, response, request.body));
 * ```
 * @throws {ConfigError} When a setting is missing, unknown, wrong, or does not fit the others.
 */
export async function protect(
  settings: ExpressSettings | Promise<ExpressSettings>,
): Promise<ProtectedMiddleware> {
  return openProtection<object, ProtectedMiddleware>(settings, { checks: {}, mount });
}

function mount(parts: HostParts<object>): ProtectedMiddleware {
  const { composed, trustedProxyHops, isOpen, protection } = parts;
  const { gate } = composed;
  const gated = named(() => expressGate(gate, { trustedProxyHops }));
  let isFirst = true;
  const middleware: typeof gated = (request, response, next) => {
    if (isFirst && hasOtherGate(request, gate)) gate.report.once('gates_overlap');
    isFirst = false;
    if (isOpen(presentNodeRequest(request))) next();
    else gated(request, response, next);
  };
  // The adapter finds its own middleware in the application by the mark that `gated` carries.
  return Object.assign(middleware, gated, protection);
}
