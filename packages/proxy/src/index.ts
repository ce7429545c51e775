export type { CommandUpstreamOptions } from './command/command-options.ts';
export { createCommandUpstream } from './command/command-upstream.ts';
export type { Upstream, UpstreamHealth } from './upstream.ts';
