import { ConfigError } from '@sallyport/core';

const name = '@sallyport/testing';

/**
 * Loads the local authorization server. It is an optional dependency, so that an image for production can leave it out.
 *
 * @throws {ConfigError} When it is not installed.
 */
export async function loadTesting(): Promise<typeof import('@sallyport/testing')> {
  try {
    return await import('@sallyport/testing');
  } catch (error) {
    const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error;
    throw new ConfigError(
      name,
      'is not installed, and development without settings needs it: npm install @sallyport/testing',
    );
  }
}
