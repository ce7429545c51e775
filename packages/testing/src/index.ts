export type { AuthorizationServer } from './authorization-server.ts';
export type { AuthorizeHeadlesslyOptions } from './authorize-headlessly.ts';
export { authorizeHeadlessly } from './authorize-headlessly.ts';
export type { ConnectionFault } from './connection-fault.ts';
export type { CookieJar } from './cookie-jar.ts';
export { createCookieJar } from './cookie-jar.ts';
export type { FaultProxy, FaultProxyOptions } from './fault-proxy.ts';
export { startFaultProxy } from './fault-proxy.ts';
export type { Fault } from './faults.ts';
export type { MintTokenOptions } from './mint-token.ts';
export { mintToken } from './mint-token.ts';
export type {
  AccessTokenFormat,
  AuthorizationServerOptions,
  IssueTokenOptions,
  ProtectedResource,
  SigningAlgorithm,
  StaticClient,
} from './options.ts';
export type { ProxyTarget } from './proxied-connection.ts';
export { startAuthorizationServer } from './start-authorization-server.ts';
