import { grpc } from 'google-gax';
import type { StatusName } from './faults.ts';
import type { StoredVersion } from './secret-store.ts';

/** How a call fails. */
export interface Refusal {
  readonly code: grpc.status;
  readonly details: string;
}

/** A refusal in these words, or with the bare name of its status. */
export function refuse(status: StatusName, details: string = status): Refusal {
  return { code: grpc.status[status], details };
}

// From here on: the service's own words.

export function refuseName(name: string): Refusal {
  return refuse(
    'INVALID_ARGUMENT',
    `The provided name [${name}] does not match the expected form.`,
  );
}

export function refuseCredentials(): Refusal {
  return refuse(
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  );
}

export function refuseAccess(name: string): Refusal {
  return refuse(
    'PERMISSION_DENIED',
    `Permission 'secretmanager.versions.access' denied for resource '${name}' (or it may not exist).`,
  );
}

export function refuseAbsentSecret(name: string): Refusal {
  return refuse('NOT_FOUND', `Secret [${name}] not found or has no versions.`);
}

export function refuseAbsentVersion(name: string): Refusal {
  return refuse('NOT_FOUND', `Secret Version [${name}] not found.`);
}

export function refuseState(name: string, { state }: StoredVersion): Refusal {
  return refuse('FAILED_PRECONDITION', `Secret Version [${name}] is in ${state} state.`);
}
