import type { DenialPlace } from '@sallyport/config';
import { ConfigError } from '@sallyport/core';
import { readDenied } from '@sallyport/denial';
import { describeFault, openStore } from '../../denial/open-store.ts';
import { failed, passed, type Step } from '../../diagnosis/step.ts';
import { printable } from '../../terminal/printable.ts';

const meanwhile =
  'Until then an instance that read a list before keeps it, and every other one answers 503.';

/** Reads the denial list. */
export async function readDenialStep(place: DenialPlace, now: number): Promise<Step> {
  const { store, close } = await openStore(place);
  try {
    const list = await readDenied(store, now);
    if (list !== undefined) return passed('list', `can be read, and denies ${list.length}`);
    return failed('list', {
      summary: `${printable(store.name)} has no list`,
      owner: 'this server',
      cure: `If it never had one, create it: sallyport denied --create. If it had, deny its entries again. ${meanwhile}`,
    });
  } catch (error) {
    if (error instanceof ConfigError) {
      const cure = `Correct the list, or restore an older one. ${meanwhile}`;
      return failed('list', { summary: printable(error.problem), owner: 'this server', cure });
    }
    const isFile = 'path' in place;
    return failed('list', {
      summary: describeFault(error, store),
      owner: isFile ? 'this server' : 'the network',
      cure: `${
        isFile
          ? 'Correct FASTMCP_SERVER_AUTH_DENIAL_LIST, or let this user read the file.'
          : 'Start Redis, let this machine connect to it, or correct FASTMCP_SERVER_AUTH_DENIAL_LIST.'
      } ${meanwhile}`,
    });
  } finally {
    close();
  }
}
