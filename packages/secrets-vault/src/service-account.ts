/** Reads the service account of a pod from its token. */
import type { Secret } from '@sallyport/core';

/** An account of Kubernetes. */
export interface ServiceAccount {
  readonly name: string;
  readonly namespace: string;
}

/** Words to replace, where the account is not known. */
export const unknownAccount: ServiceAccount = { name: 'SERVICE_ACCOUNT', namespace: 'NAMESPACE' };
// Names of Kubernetes are DNS labels: a shell takes them as they are.
const kubernetesSubject = /^system:serviceaccount:([a-z0-9.-]+):([a-z0-9.-]+)$/;

/** Reads whose token this is, only to name the account in a command. The token is not verified. */
export function readServiceAccount(jwt: Secret): ServiceAccount {
  try {
    const [, payload = ''] = jwt.reveal().split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const { sub } = Object(claims) as { readonly sub?: unknown };
    const [, namespace, name] = kubernetesSubject.exec(String(sub)) ?? [];
    return namespace === undefined || name === undefined ? unknownAccount : { name, namespace };
  } catch {
    return unknownAccount;
  }
}
