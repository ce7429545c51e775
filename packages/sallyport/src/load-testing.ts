import { ConfigError } from '@sallyport/core';

const name = '@sallyport/testing';

/**
 * Loads the local authorization server. It is an optional dependency, so that an image for production can leave it out.
 *
 * @throws {ConfigError} When it is not installed.
 */
export function loadTesting(): Promise<typeof import('@sallyport/testing')> {
  return load(() => import('@sallyport/testing'), 'development without settings needs it');
}

/**
 * Loads the audit.
 *
 * @throws {ConfigError} When it is not installed.
 */
export function loadAudit(): Promise<typeof import('@sallyport/testing/audit')> {
  return load(() => import('@sallyport/testing/audit'), '"sallyport audit" needs it');
}

async function load<Module>(start: () => Promise<Module>, reason: string): Promise<Module> {
  try {
    return await start();
  } catch (error) {
    const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error;
    throw new ConfigError(name, `is not installed, and ${reason}: npm install @sallyport/testing`);
  }
}
