/** The command `keys` and its options. */
import type { Command } from 'commander';
import type { Surroundings } from '../surroundings.ts';

export function addKeys(
  command: Command,
  {
    end,
    surroundings,
  }: { readonly end: (code: number) => void; readonly surroundings: Surroundings },
): void {
  command.description(
    'make, list, revoke and rotate API keys, with the settings of "sallyport run"',
  );
  const add = (words: string) =>
    command
      .command(words)
      .option('--env-file <file>', 'read the settings from a .env file')
      .option('--json', 'write JSON');

  add('create')
    .description('make a key, and print it once')
    .requiredOption('--owner <name>', 'who the key stands for, such as ci@example.com')
    .option('--client <id>', 'the client that uses it (default: the owner)')
    .option('--scope <scopes>', 'granted scopes, separated by spaces (default: none)')
    .option('--days <number>', 'how long the key is valid, 1 to 366 (default: 90)')
    .action(async (options) => {
      const { createKey } = await import('./keys.ts');
      end(await createKey(options, surroundings));
    });

  add('list')
    .description('list all keys, without the keys themselves')
    .action(async (options) => {
      const { listKeys } = await import('./keys.ts');
      end(await listKeys(options, surroundings));
    });

  add('revoke [id]')
    .description('revoke a key for good; without an id, one that is on standard input')
    .action(async (id, options) => {
      const { revokeKey } = await import('./keys.ts');
      end(await revokeKey(id, options, surroundings));
    });

  add('rotate <id>')
    .description('make a key like another one, which ends after an overlap')
    .option('--overlap <seconds>', 'how long the old key stays valid (default: 86400, one day)')
    .option('--days <number>', 'how long the new key is valid, 1 to 366 (default: 90)')
    .action(async (id, options) => {
      const { rotateKey } = await import('./keys.ts');
      end(await rotateKey(id, options, surroundings));
    });
}
