/** The options of `sallyport audit`, as the audit takes them. */
import { createPrivateKey } from 'node:crypto';
import type { AuditKey, AuditOptions, Theme } from '@sallyport/testing/audit';
import { readToken } from '../explain/read-token.ts';
import { readText } from '../settings/settings-source.ts';
import type { Surroundings } from '../surroundings.ts';
import { UsageError } from '../usage-error.ts';

/** Options of `audit`. */
export interface AuditWords {
  readonly token?: boolean;
  readonly issuerKey?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly scope?: string;
  readonly readScope?: string;
  readonly writeTool?: string;
  readonly resource?: string;
  readonly public?: boolean;
  readonly theme?: readonly string[];
  readonly row?: readonly string[];
  readonly rate?: string;
  readonly slow?: string;
  readonly format?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** @throws {UsageError} for an option that cannot be used. */
export async function readAuditOptions(
  words: AuditWords,
  surroundings: Surroundings,
): Promise<AuditOptions> {
  const { scope, readScope, writeTool, resource, theme, row, rate, slow } = words;
  const key = readKey(words, surroundings);
  return {
    ...(words.token && { token: await readToken(surroundings) }),
    ...(key !== undefined && { key }),
    ...(scope !== undefined && { scopes: toScopes(scope) }),
    ...(readScope !== undefined && { readScopes: toScopes(readScope) }),
    ...(writeTool !== undefined && { writeTool: { name: writeTool } }),
    ...(resource !== undefined && { resource }),
    ...(words.public && { isPublic: true }),
    ...(theme !== undefined && { themes: theme as readonly Theme[] }),
    ...(row !== undefined && { rows: row }),
    ...(rate !== undefined && { requestsPerSecond: toNumber('--rate', rate) }),
    ...(slow !== undefined && { slowSeconds: toNumber('--slow', slow) }),
  };
}

function toScopes(text: string): readonly string[] {
  return text.split(/[ ,]+/).filter(Boolean);
}

function toNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`${name} takes a whole number.`);
}

function readKey(
  { issuerKey, issuer, audience }: AuditWords,
  { folder }: Surroundings,
): AuditKey | undefined {
  if (issuerKey === undefined) {
    if (issuer === undefined && audience === undefined) return undefined;
    throw new UsageError(
      '--issuer and --audience describe the tokens of --issuer-key: name its file.',
    );
  }
  if (issuer === undefined)
    throw new UsageError('--issuer-key needs --issuer, the iss of its tokens.');
  const jwk = toJwk(readText(folder, issuerKey), issuerKey);
  return { jwk, issuer, ...(audience !== undefined && { audience }) };
}

function toJwk(text: string, file: string): Readonly<Record<string, unknown>> {
  const problem = `${file} must have a private key, as a JWK or PEM. "sallyport keygen es256" makes one.`;
  try {
    if (text.includes('-----BEGIN')) return { ...createPrivateKey(text).export({ format: 'jwk' }) };
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    if (typeof value?.['kty'] === 'string' && ('d' in value || 'k' in value)) return value;
  } catch {
    // The message of the parser could quote the key.
  }
  throw new UsageError(problem);
}
