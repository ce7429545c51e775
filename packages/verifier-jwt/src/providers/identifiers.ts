/** Validates the parts of a tenant before they become part of an issuer, where every character counts. */
import { ConfigError, type Environment } from '@sallyport/core';

const host = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const emptyGuid = '00000000-0000-0000-0000-000000000000';
const segment = /^[A-Za-z0-9][\w.~-]{0,254}$/;
// Placeholders of documentation: {tenant}, <tenant>, your-tenant.
const placeholder = /[{}<>]|(^|[./:@])your[-_]/i;

/** @throws {ConfigError} Always. */
export function refuseOption(option: string, problem: string): never {
  throw new ConfigError(`jwt.provider.${option}`, problem);
}

/** @throws {ConfigError} When the value is not exactly a host name in lower case. */
export function readHost(option: string, value: string): string {
  return readMatch(option, value, host, 'a host name in lower case, without scheme and slash');
}

/** @throws {ConfigError} When the value is not a GUID, or is the GUID of zeros. */
export function readGuid(option: string, value: string): string {
  const text = readMatch(option, value, guid, 'a GUID').toLowerCase();
  if (text === emptyGuid) refuseOption(option, 'is a placeholder');
  return text;
}

/** @throws {ConfigError} When the value is not exactly one segment of a path. */
export function readSegment(option: string, value: string): string {
  return readMatch(option, value, segment, 'a name of letters, digits and any of . _ ~ -');
}

/** @throws {ConfigError} When the value does not match, or is a placeholder. */
export function readMatch(option: string, value: string, form: RegExp, what: string): string {
  assertText(option, value);
  if (!form.test(value)) refuseOption(option, `must be ${what}`);
  return value;
}

/**
 * Reads a URL in normalised form, without trailing slash, query, fragment or credentials.
 *
 * @throws {ConfigError} When the value is not such a URL, or is not https in production.
 */
export function readBaseUrl(option: string, value: string, environment: Environment): string {
  assertText(option, value);
  const schemes = environment.isProduction ? ['https:'] : ['https:', 'http:'];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // A URL that the parser changes would not equal the `iss` of tokens.
  const isPlain = url !== undefined && url.origin + url.pathname.replace(/\/$/, '') === value;
  if (!isPlain || !schemes.includes(url.protocol)) {
    const isHttp = url?.protocol === 'http:' && environment.isProduction;
    const hint = isHttp ? '. With ENVIRONMENT=development, http is allowed' : '';
    refuseOption(option, `must be an https URL in its usual form, without slash at the end${hint}`);
  }
  return value;
}

/** @throws {ConfigError} When a name is missing, a placeholder, or not an exact value. */
export function assertNames(option: string, names: readonly string[]): void {
  if (!Array.isArray(names) || names.length === 0) refuseOption(option, 'must name at least one');
  for (const name of names) assertText(option, name);
}

/** Checks at run time what the types say, for JavaScript and for configured values. */
function assertText(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value === '*' || /\s/.test(value)) {
    refuseOption(option, 'must be the exact value, without white space');
  }
  if (placeholder.test(value)) refuseOption(option, 'is a placeholder');
}
