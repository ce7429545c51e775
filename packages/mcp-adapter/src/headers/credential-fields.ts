/**
 * Header fields in which clients and proxies send credentials besides `Authorization`. The gate hides them
 * from handlers, whatever they hold.
 */

export const credentialFields: ReadonlySet<string> = new Set([
  'proxy-authorization',
  'x-authorization',
  'x-forwarded-authorization',
  'x-original-authorization',
  // oauth2-proxy (also through auth_request of nginx and ForwardAuth of Traefik), Kong, APISIX
  'x-forwarded-access-token',
  'x-forwarded-id-token',
  'x-auth-request-access-token',
  'x-auth-request-id-token',
  'x-access-token',
  'x-id-token',
  'x-refresh-token',
  // mod_auth_openidc of Apache
  'oidc_access_token',
  'oidc_id_token',
  'oidc_refresh_token',
  // Vouch, authentik, Teleport
  'x-vouch-accesstoken',
  'x-vouch-idp-accesstoken',
  'x-vouch-idp-idtoken',
  'x-vouch-idp-refreshtoken',
  'x-authentik-jwt',
  'teleport-jwt-assertion',
  // Amazon: Application Load Balancer
  'x-amzn-oidc-accesstoken',
  'x-amzn-oidc-data',
  // Azure: Front Door, App Service and Container Apps
  'x-azure-authorization',
  'x-ms-client-principal',
  'x-zumo-auth',
  // Google: Cloud Run, Identity-Aware Proxy
  'x-serverless-authorization',
  'x-goog-iap-jwt-assertion',
  // Cloudflare Access, Pomerium, Envoy and Istio
  'cf-access-jwt-assertion',
  'cf-access-token',
  'cf-access-client-secret',
  'x-pomerium-authorization',
  'x-pomerium-jwt-assertion',
  'x-jwt-payload',
]);

/** @param name In lower case. */
export function isCredentialField(name: string): boolean {
  // Azure has a name for each identity provider and each kind of token.
  return credentialFields.has(name) || name.startsWith('x-ms-token-');
}
