import type { Config } from '@sallyport/config';
import { isAuthError } from '@sallyport/core';
import { failed, passed, type Step } from '../../diagnosis/step.ts';
import { openRegistry } from '../../keys/open-registry.ts';
import { printable } from '../../terminal/printable.ts';

/** Reads all records of keys. */
export async function readApiKeyStep(
  apiKeys: NonNullable<Config['apiKeys']>,
  given: { readonly resource: string; readonly now: () => number },
): Promise<Step> {
  const { registry, close } = await openRegistry(apiKeys, given);
  try {
    const keys = await registry.list();
    const usable = keys.filter(({ status }) => status === 'active' || status === 'ending');
    return passed('keys', `${usable.length} of ${keys.length} can be used`);
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return failed('keys', {
      summary: printable(error.detail ?? error.message),
      owner: apiKeys.store.kind === 'file' ? 'this server' : 'the network',
      cure:
        apiKeys.store.kind === 'file'
          ? 'Correct FASTMCP_SERVER_AUTH_API_KEY_FILE, or let this user read the file. Until then every API key gets 503.'
          : 'Start Redis, let this machine connect to it, or correct FASTMCP_SERVER_AUTH_API_KEY_REDIS_URL. Until then every API key gets 503.',
    });
  } finally {
    close();
  }
}
