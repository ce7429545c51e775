export { keySetPath } from './assertion/serve-key-set.ts';
export { assertionType } from './assertion/sign-assertions.ts';
export type { FaultReason } from './http/fault.ts';
export type { HttpUpstream } from './http/http-upstream.ts';
export { createHttpUpstream } from './http/http-upstream.ts';
export type { HttpUpstreamOptions } from './http/http-upstream-options.ts';
export type { UpstreamEvent } from './http/upstream-event.ts';
export type { Upstream, UpstreamHealth } from './upstream.ts';
