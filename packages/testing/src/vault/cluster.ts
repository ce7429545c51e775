/** A Kubernetes cluster, as far as Vault sees one: a key that signs tokens of service accounts. */
import { randomUUID } from 'node:crypto';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { ServiceAccountTokenOptions } from './vault.ts';

/** The service account of a token. */
export interface ServiceAccount {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly audiences: readonly string[];
}

/** Signs and reviews the tokens of service accounts. */
export interface Cluster {
  mint(options: ServiceAccountTokenOptions): Promise<string>;
  /** `undefined` when the cluster has not signed it, or it is over. */
  review(token: string): Promise<ServiceAccount | undefined>;
}

const issuer = 'https://kubernetes.default.svc';

/** Creates a cluster with a key of its own. */
export async function createCluster(now: () => number): Promise<Cluster> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');

  return {
    async mint({ serviceAccount, namespace, audience = issuer, ttlSeconds = 3_600 }) {
      const issuedAt = Math.floor(now() / 1_000);
      const uid = randomUUID();
      return new SignJWT({
        'kubernetes.io': { namespace, serviceaccount: { name: serviceAccount, uid } },
      })
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(issuer)
        .setSubject(`system:serviceaccount:${namespace}:${serviceAccount}`)
        .setAudience([audience])
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + ttlSeconds)
        .sign(privateKey);
    },

    async review(token) {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          issuer,
          algorithms: ['RS256'],
          currentDate: new Date(now()),
          requiredClaims: ['exp', 'sub', 'aud'],
        });
        const [, , namespace = '', name = ''] = `${payload.sub}`.split(':');
        const { serviceaccount } = payload['kubernetes.io'] as {
          readonly serviceaccount: { readonly uid: string };
        };
        return { name, namespace, uid: serviceaccount.uid, audiences: [payload.aud ?? []].flat() };
      } catch {
        return undefined;
      }
    },
  };
}
