import type { ConfigListener } from '../config-event.ts';
import type { Settings } from '../values/settings.ts';
import { egressProxy } from '../variables/network-variables.ts';
import type { Variables } from './unsafe-process.ts';

const names = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/**
 * Reports that a proxy of the environment is not used: a variable that other programs share must not
 * decide who sees the requests of this one.
 */
export function reportIgnoredProxy(
  variables: Variables,
  settings: Settings,
  report: ConfigListener,
): void {
  const variable = names.find((name) => (variables[name]?.trim() ?? '') !== '');
  if (variable === undefined || settings.isSet(egressProxy)) return;
  report({ type: 'egress_proxy_ignored', variable, replacement: egressProxy.name });
}
