/** What an answer of the KV engine says. Trusts nothing of it. */

import type { FaultyReading, Reading } from '@sallyport/cached-secrets';
import type { GuardedResponse } from '@sallyport/guarded-fetch';
import { toFault } from './secret-fault.ts';
import type { SecretName } from './secret-name.ts';

const unexpected: FaultyReading = {
  fault: 'unexpected_answer',
  detail: 'the answer is not one of a KV engine, version 2',
};

/** Reads the answer to the request for a version. */
export function readAnswer({ status, json }: GuardedResponse, name: SecretName): Reading {
  if (status === 403) return { fault: 'access_denied', detail: 'HTTP 403: permission denied.' };
  if (status === 404) return readAbsence(json);
  if (status !== 200) return toFault(status);
  const { data, metadata } = readData(json);
  const version = readVersionNumber(metadata, name);
  if (version === undefined || !isObject(data)) return unexpected;
  if (!Object.hasOwn(data, name.field)) {
    return { fault: 'not_found', detail: `version ${version} has no field ${name.field}` };
  }
  return readField(data[name.field], version);
}

/** A deleted version answers 404 as well, and so does everything that is no secret. */
function readAbsence(json: unknown): FaultyReading {
  const { metadata } = readData(json);
  if (isObject(metadata)) {
    const { version, destroyed } = metadata;
    const number = Number.isSafeInteger(version) ? `version ${version}` : 'the version';
    const detail =
      destroyed === true
        ? `${number} was destroyed: write another, or name one that is there`
        : `${number} was deleted: vault kv undelete brings it back`;
    return { fault: 'version_unusable', detail };
  }
  const { errors } = Object(json) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return unexpected;
  if (errors.length === 0) return { fault: 'not_found', detail: 'there is no such secret' };
  return { fault: 'rejected', detail: 'HTTP 404: there is no KV engine at this mount' };
}

function readData(json: unknown): { readonly data?: unknown; readonly metadata?: unknown } {
  const { data } = Object(json) as { readonly data?: unknown };
  return isObject(data) ? data : {};
}

function readVersionNumber(metadata: unknown, asked: SecretName): string | undefined {
  if (!isObject(metadata)) return undefined;
  const { version } = metadata;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    return undefined;
  }
  return asked.version === 'latest' || asked.version === `${version}` ? `${version}` : undefined;
}

function readField(value: unknown, version: string): Reading {
  if (typeof value !== 'string' || !value.isWellFormed()) {
    return { fault: 'not_text', detail: `version ${version}: the field is no text` };
  }
  return { value, version };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
