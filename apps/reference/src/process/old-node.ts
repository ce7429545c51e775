/** The one thing that can be said before any other module is loaded. */

// sysexits.h: another start fails, too.
const exitConfig = 78;

/**
 * Ends the program with one line where Node is too old: `@sallyport/core` throws that sentence when it
 * is imported. The other modules need things of Node that an old one does not have.
 *
 * @param write Makes the line of the sentence.
 */
export async function refuseOldNode(write: (problem: string) => string): Promise<void> {
  try {
    await import('@sallyport/core');
  } catch (error) {
    process.stderr.write(`${write((error as Error).message)}\n`);
    process.exit(exitConfig);
  }
}
