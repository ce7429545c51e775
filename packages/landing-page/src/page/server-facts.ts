/** What the page says of the server: nothing that its public metadata does not say. */
import type { McpGate } from '@sallyport/mcp-adapter';
import { visibleText } from './visible-text.ts';

/** The public metadata, for people. */
export interface ServerFacts {
  /** The public URL of the MCP endpoint. */
  readonly resource: string;
  /** The public URL of the metadata. */
  readonly metadataUrl: string;
  /** The heading: `resource_name`, or the host. */
  readonly title: string;
  /** What commands call the server: letters, digits and hyphens. */
  readonly serverName: string;
  /** Who issues its tokens. Empty for API keys, and behind a proxy that signs people in. */
  readonly issuers: readonly string[];
  /** `scopes_supported`. */
  readonly scopes: readonly string[];
  /** Whether only programs on the same machine reach it. */
  readonly isLocal: boolean;
}

interface Metadata {
  readonly resource: string;
  readonly authorization_servers?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const longestTitle = 120;
const longestName = 40;
// Parts of a host name that say nothing about the server.
const generic: ReadonlySet<string> = new Set(['www', 'mcp', 'api', 'server']);

/** Reads the facts from the metadata that the gate itself serves. */
export async function readServerFacts(
  gate: McpGate,
  givenName: string | undefined,
): Promise<ServerFacts> {
  const decision = await gate.handle({
    method: 'GET',
    target: gate.metadataPath,
    host: 'localhost',
    field: () => [],
    clientAddress: '127.0.0.1',
    signal: new AbortController().signal,
    readJson: async () => ({ ok: false, fault: 'body_not_json' }),
  });
  if (decision.pass) throw new TypeError('the gate serves no metadata');
  const metadata = JSON.parse(String(decision.answer.body)) as Metadata;
  const { resource, authorization_servers: issuers = [], scopes_supported: scopes = [] } = metadata;
  const { hostname, origin, host, port } = new URL(resource);
  const name = visibleText(metadata.resource_name ?? '', longestTitle);
  const isLocal = loopback.test(hostname);
  // As `sallyport install` names it: the port tells the servers of one machine apart.
  const fromHost = isLocal
    ? `local ${port}`
    : hostname.split('.').find((part) => !generic.has(part));
  return {
    resource,
    metadataUrl: origin + gate.metadataPath,
    title: name || host,
    serverName: givenName ?? (slugOf(name) || slugOf(fromHost ?? '') || 'server'),
    issuers,
    scopes,
    isLocal,
  };
}

function slugOf(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, longestName).replace(/-$/, '');
}
