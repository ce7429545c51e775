export type { AuthorizationServer } from './authorization-server/authorization-server.ts';
export type { Fault } from './authorization-server/faults.ts';
export type { MintTokenOptions } from './authorization-server/mint-token.ts';
export { mintToken } from './authorization-server/mint-token.ts';
export type {
  AccessTokenFormat,
  AuthorizationServerOptions,
} from './authorization-server/options.ts';
export { startAuthorizationServer } from './authorization-server/start-authorization-server.ts';
export type { ConnectionFault } from './fault-proxy/connection-fault.ts';
export type { FaultProxy, FaultProxyOptions } from './fault-proxy/fault-proxy.ts';
export { startFaultProxy } from './fault-proxy/fault-proxy.ts';
export type { AuthorizeHeadlesslyOptions } from './headless-client/authorize-headlessly.ts';
export { authorizeHeadlessly } from './headless-client/authorize-headlessly.ts';
export type { CookieJar } from './headless-client/cookie-jar.ts';
export { createCookieJar } from './headless-client/cookie-jar.ts';
