/**
 * Says how a claim differs from the configuration, in words from a closed list. It may quote what is
 * configured. It never quotes the token. Called on refusals only.
 */

/** How an `aud` differs from the audiences of this server. */
export function explainAudience(audience: readonly string[], own: readonly string[]): string {
  if (audience.length === 0) return `absent; configured: ${quote(own)}`;
  return explain(audience, own) ?? `for another server or client; configured: ${quote(own)}`;
}

/** How an `iss` differs from the trusted issuers. */
export function explainIssuer(iss: unknown, trusted: readonly string[]): string {
  if (iss === undefined || iss === null || iss === '') return 'absent';
  if (typeof iss !== 'string') return 'not a string';
  const entra = explainEntra(iss, trusted);
  return entra ?? explain([iss], trusted) ?? `another issuer; configured: ${quote(trusted)}`;
}

const entraVersions = [
  { version: 1, pattern: /^https:\/\/sts\.windows\.net\/([0-9a-f-]{36})\/$/ },
  { version: 2, pattern: /^https:\/\/login\.microsoftonline\.com\/([0-9a-f-]{36})\/v2\.0$/ },
];

function readEntra(issuer: string): { version: number; tenant: string | undefined } | undefined {
  for (const { version, pattern } of entraVersions) {
    const match = pattern.exec(issuer);
    if (match !== null) return { version, tenant: match[1] };
  }
  return undefined;
}

function explainEntra(iss: string, trusted: readonly string[]): string | undefined {
  const found = readEntra(iss);
  if (found === undefined) return undefined;
  for (const name of trusted) {
    const known = readEntra(name);
    if (known?.tenant === found.tenant && known?.version !== found.version) {
      return `a version ${found.version} token of Entra, and version ${known?.version} is configured: set requestedAccessTokenVersion of the API to ${known?.version}, or configure the other issuer`;
    }
  }
  return trusted.some((name) => readEntra(name) !== undefined)
    ? `another tenant of Entra; configured: ${quote(trusted)}`
    : undefined;
}

const differences: readonly (readonly [string, (value: string) => string])[] = [
  ['a trailing slash', (value) => value.replace(/\/$/, '')],
  ['http against https', (value) => value.replace(/^https?:\/\//, '')],
  ['upper and lower case', (value) => value.toLowerCase()],
  ['the default port', (value) => value.replace(/:(?:443|80)(?=\/|$)/, '')],
  ['the host', (value) => value.replace(/^(https?:\/\/)[^/]+/, '$1')],
  ['the path', (value) => value.replace(/^(https?:\/\/[^/]+).*/, '$1')],
  ['the prefix api://', (value) => value.replace(/^api:\/\//, '')],
];

/** The smallest difference between any two of them. */
function explain(values: readonly string[], configured: readonly string[]): string | undefined {
  for (const [difference, without] of differences) {
    const near = configured.find((name) =>
      values.some((value) => without(value) === without(name)),
    );
    if (near !== undefined) return `differs by ${difference} from ${quote([near])}`;
  }
  return undefined;
}

function quote(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => JSON.stringify(name));
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
}
