import { hash } from 'node:crypto';
import { widerNetworkOf } from '@sallyport/core';

/**
 * The names of what Redis keeps for a client and, if there is one, for the network around it.
 *
 * They consist of the prefix and of digests: nothing from outside gets into a name. What is in
 * braces is the same for both, so that a cluster keeps them in one place and a script may use both.
 */
export function limitKeysOf(clientKey: string, prefix: string): readonly string[] {
  const network = widerNetworkOf(clientKey);
  if (network === undefined) return [`${prefix}{${digestOf(clientKey)}}`];
  const tag = `${prefix}{${digestOf(network)}}`;
  return [`${tag}:${digestOf(clientKey)}`, `${tag}:network`];
}

/** The same for a caller: all calls, or those of one tool. */
export function callKeyOf(caller: string, tool: string | undefined, prefix: string): string {
  const tag = `${prefix}{${digestOf(caller)}}`;
  return tool === undefined ? `${tag}:all` : `${tag}:${digestOf(tool)}`;
}

/** Another name in the same place, for finding out whether Redis can be written to. */
export function probeKeyBeside(key: string): string {
  return `${key.slice(0, key.indexOf('}') + 1)}:probe`;
}

// With 128 bits, an attacker cannot find a second key with the same digest.
function digestOf(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
