/** What names a tenant: judged before it becomes part of an issuer, of which every character counts. */
import { ConfigError, type Environment } from '@sallyport/core';

const host = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const emptyGuid = '00000000-0000-0000-0000-000000000000';
const segment = /^[A-Za-z0-9][\w.~-]{0,254}$/;
// What documentation has in the place of a value: {tenant}, <tenant>, your-tenant.
const placeholder = /[{}<>]|(^|[./:@])your[-_]/i;

/** @throws {ConfigError} Always. */
export function refuseOption(option: string, problem: string): never {
  throw new ConfigError(`jwt.provider.${option}`, problem);
}

/** @throws {ConfigError} When it is no host name in lower case, or has anything around one. */
export function readHost(option: string, value: string): string {
  return readMatch(option, value, host, 'a host name in lower case, without scheme and slash');
}

/** @throws {ConfigError} When it is no GUID, or the one of zeros. */
export function readGuid(option: string, value: string): string {
  const text = readMatch(option, value, guid, 'a GUID').toLowerCase();
  if (text === emptyGuid) refuseOption(option, 'is a placeholder');
  return text;
}

/** @throws {ConfigError} When it could be more or less than one segment of a path. */
export function readSegment(option: string, value: string): string {
  return readMatch(option, value, segment, 'a name of letters, digits and any of . _ ~ -');
}

/** @throws {ConfigError} When it does not match, or is a placeholder. */
export function readMatch(option: string, value: string, form: RegExp, what: string): string {
  assertText(option, value);
  if (!form.test(value)) refuseOption(option, `must be ${what}`);
  return value;
}

/**
 * Reads a URL without trailing slash, query, fragment or credentials, written as parsers write it.
 *
 * @throws {ConfigError} When it is something else, or has another scheme than https in production.
 */
export function readBaseUrl(option: string, value: string, environment: Environment): string {
  assertText(option, value);
  const schemes = environment.isProduction ? ['https:'] : ['https:', 'http:'];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  // Whatever the parser would change, tokens would not have in their `iss`.
  const isPlain = url !== undefined && url.origin + url.pathname.replace(/\/$/, '') === value;
  if (!isPlain || !schemes.includes(url.protocol)) {
    const isHttp = url?.protocol === 'http:' && environment.isProduction;
    const hint = isHttp ? '. With ENVIRONMENT=development, http is allowed' : '';
    refuseOption(option, `must be an https URL in its usual form, without slash at the end${hint}`);
  }
  return value;
}

/** @throws {ConfigError} When one of the names is missing, a placeholder, or no exact value. */
export function assertNames(option: string, names: readonly string[]): void {
  if (!Array.isArray(names) || names.length === 0) refuseOption(option, 'must name at least one');
  for (const name of names) assertText(option, name);
}

/** The types say the same; this is for JavaScript, and for values out of configuration. */
function assertText(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '' || value === '*' || /\s/.test(value)) {
    refuseOption(option, 'must be the exact value, without white space');
  }
  if (placeholder.test(value)) refuseOption(option, 'is a placeholder');
}
