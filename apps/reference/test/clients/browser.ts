/**
 * Called as a browser is, with an address: signs in as alice, and follows the answer back to the client.
 * Notes the address in the folder, and presses Deny when there is a file `refuses` in it.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { authorizeHeadlessly } from '@sallyport/testing';

const [folder = '', address = ''] = process.argv.slice(2);
appendFileSync(join(folder, 'visits'), `${address}\n`);
const deny = existsSync(join(folder, 'refuses'));
await fetch(await authorizeHeadlessly(new URL(address), { subject: 'alice', deny }));
