import { ConfigError } from '@sallyport/core';

/**
 * Loads a package that only some configurations need.
 *
 * @param variable What asks for it.
 * @throws {ConfigError} When it is not installed: it says what to type.
 */
export async function loadPackage<Module>(
  name: string,
  variable: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
    // Its own missing dependency is another matter.
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error;
    throw new ConfigError(variable, `needs a package that is not installed: npm install ${name}`);
  }
}
