/**
 * Says how a name in a token differs from what is configured, in words from a closed list. It may quote
 * the configuration. It never quotes the token. Called on refusals only.
 */

// A token can hold many names, and each is compared with each configured one.
const maximumNames = 10;
const longestName = 2_048;

/**
 * How an `aud` differs from the audiences of this server, for the detail of a refusal.
 *
 * @param audience What `readAudience` returned.
 */
export function explainAudience(audience: readonly string[], own: readonly string[]): string {
  if (audience.length === 0) return `absent; configured: ${listNames(own)}`;
  return (
    explainDifference(audience, own) ??
    `for another server or client; configured: ${listNames(own)}`
  );
}

/** How an `iss` of any type differs from the trusted issuers, for the detail of a refusal. */
export function explainIssuer(iss: unknown, trusted: readonly string[]): string {
  if (iss === undefined || iss === null || iss === '') return 'absent';
  if (typeof iss !== 'string') return 'not a string';
  return explainDifference([iss], trusted) ?? `another issuer; configured: ${listNames(trusted)}`;
}

/** The smallest difference between any of them; `undefined` where none is alike. */
export function explainDifference(
  found: readonly string[],
  configured: readonly string[],
): string | undefined {
  const alike = found
    .slice(0, maximumNames)
    .filter(({ length }) => length <= longestName)
    .flatMap((value) => configured.map((name) => ({ name, differences: compare(value, name) })))
    .filter(({ differences }) => differences.length > 0)
    .sort((one, other) => one.differences.length - other.differences.length);
  const [nearest] = alike;
  if (nearest === undefined) return undefined;
  return `differs by ${nearest.differences.join(' and ')} from ${nearest.name}`;
}

/** The first three configured names. They have no white space, so they need no quotation marks. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Empty where the two have nothing in common, or are the same. */
function compare(value: string, name: string): readonly string[] {
  const trimmed = value.trim();
  const space = trimmed === value ? [] : ['white space'];
  if (trimmed === name) return space;
  if (trimmed.toLowerCase() === name.toLowerCase()) return [...space, 'upper and lower case'];
  const [found, wanted] = [split(trimmed), split(name)];
  if (found.scheme === undefined && wanted.scheme === undefined) return [];
  const differences = compareParts(found, wanted);
  return differences.length === 0 ? [] : [...space, ...differences];
}

interface NameParts {
  readonly scheme: string | undefined;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly rest: string;
}

const form = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?([^?#]*)(.*)$/is;

/** Not by `URL`, which normalises: each difference counts here. */
function split(name: string): NameParts {
  // Each part may be empty, so that every text matches.
  const [, scheme, host = '', port = '', path = '', rest = ''] = form.exec(name) as RegExpExecArray;
  return { scheme: scheme?.toLowerCase(), host: host.toLowerCase(), port, path, rest };
}

function compareParts(found: NameParts, wanted: NameParts): readonly string[] {
  const bare = (path: string) => path.replace(/\/$/, '');
  const isOtherHost = found.host !== wanted.host;
  const isOtherPath = bare(found.path).toLowerCase() !== bare(wanted.path).toLowerCase();
  const areWeb = [found, wanted].every(({ scheme }) => scheme === 'http' || scheme === 'https');
  // Two servers, and not two spellings of one.
  if (isOtherHost && (isOtherPath || !areWeb)) return [];
  return [
    ...(found.scheme === wanted.scheme ? [] : [nameSchemes(found.scheme, wanted.scheme)]),
    ...(isOtherHost ? ['the host'] : []),
    ...(found.port === wanted.port ? [] : ['the port']),
    ...(isOtherPath ? ['the path'] : comparePaths(found.path, wanted.path)),
    ...(found.rest === wanted.rest ? [] : ['the query or fragment']),
  ];
}

/** Of two paths that are the same but for case and slash. */
function comparePaths(found: string, wanted: string): readonly string[] {
  return [
    ...(found.endsWith('/') === wanted.endsWith('/') ? [] : ['a trailing slash']),
    ...(found.replace(/\/$/, '') === wanted.replace(/\/$/, '') ? [] : ['upper and lower case']),
  ];
}

const knownSchemes: ReadonlySet<string> = new Set(['http', 'https', 'api', 'spiffe', 'urn']);

function nameSchemes(found: string | undefined, wanted: string | undefined): string {
  if ((found ?? 'api') === 'api' && (wanted ?? 'api') === 'api') return 'the prefix api://';
  const nameOf = (scheme: string | undefined) => {
    if (scheme === undefined) return 'absent';
    return knownSchemes.has(scheme) ? scheme : 'another';
  };
  return `the scheme (${nameOf(found)} against ${wanted ?? 'none'})`;
}
