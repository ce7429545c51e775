import { setTimeout as sleep } from 'node:timers/promises';
import { crc32c } from './crc32c.ts';
import type { SecretManagerFault } from './faults.ts';
import type { Outcome } from './grpc-listener.ts';
import {
  refuse,
  refuseAbsentSecret,
  refuseAbsentVersion,
  refuseAccess,
  refuseState,
} from './refusals.ts';
import type { VersionName } from './resource-names.ts';
import type { SecretStore } from './secret-store.ts';

/** What a version is read from. */
export interface AccessContext {
  readonly store: SecretStore;
  /** Answers name the project by its number, whatever the request calls it. */
  readonly projectNumber: string;
  readonly isDenied: (secret: string) => boolean;
  /** Ends what is late, and what never comes. */
  readonly signal: AbortSignal;
}

/** Reads one version as the service would, or as wrongly as `fault` says. */
export async function accessVersion(
  asked: VersionName,
  fault: SecretManagerFault | undefined,
  context: AccessContext,
): Promise<Outcome> {
  if (fault?.kind === 'status') return { refusal: refuse(fault.status, fault.message) };
  if (fault?.kind === 'hang') await untilAborted(context.signal);
  if (fault?.kind === 'delay') {
    await sleep(fault.milliseconds, undefined, { signal: context.signal });
  }
  return readVersion(asked, fault, context);
}

function readVersion(
  { project, secret, version }: VersionName,
  fault: SecretManagerFault | undefined,
  { store, projectNumber, isDenied }: AccessContext,
): Outcome {
  const requested = `projects/${project}/secrets/${secret}/versions/${version}`;
  if (isDenied(secret)) return { refusal: refuseAccess(requested) };
  const parent = `projects/${projectNumber}/secrets/${secret}`;
  const found = store.find(secret, version);
  if (found === undefined) {
    const isVersion = store.has(secret) && version !== 'latest';
    const absent = isVersion
      ? refuseAbsentVersion(`${parent}/versions/${version}`)
      : refuseAbsentSecret(parent);
    return { refusal: absent };
  }
  const name = `${parent}/versions/${found.number}`;
  if (found.state !== 'ENABLED') return { refusal: refuseState(name, found) };
  return { answer: disturb({ name, payload: toPayload(found.data) }, fault) };
}

interface Payload {
  readonly data: Uint8Array;
  readonly dataCrc32c: string;
}

function toPayload(data: Uint8Array): Payload {
  return { data, dataCrc32c: String(crc32c(data)) };
}

function disturb(
  answer: { readonly name: string; readonly payload: Payload },
  fault: SecretManagerFault | undefined,
): object {
  const { name, payload } = answer;
  switch (fault?.kind) {
    case 'wrong-checksum':
      return {
        name,
        payload: { ...payload, dataCrc32c: String((crc32c(payload.data) ^ 1) >>> 0) },
      };
    case 'no-checksum':
      return { name, payload: { data: payload.data } };
    case 'empty-payload':
      return { name, payload: toPayload(new Uint8Array()) };
    case 'no-payload':
      return { name };
    case 'other-name':
      return { ...answer, name: fault.name };
    default:
      return answer;
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
