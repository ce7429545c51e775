/** The command `audit` and its options. */
import type { Command } from 'commander';
import type { Surroundings } from '../surroundings.ts';

export function addAudit(
  command: Command,
  {
    end,
    surroundings,
  }: { readonly end: (code: number) => void; readonly surroundings: Surroundings },
): void {
  command
    .description('send attacks and faults to an MCP server, and grade what it does')
    .option('--token', 'read a valid token from standard input')
    .option('--issuer-key <file>', 'the private key of a test issuer, as a JWK or PEM')
    .option('--issuer <iss>', 'iss of its tokens')
    .option('--audience <aud>', 'aud of its tokens (default: the resource)')
    .option('--scope <scopes>', 'scopes of good tokens (default: those of the metadata)')
    .option('--read-scope <scopes>', 'scopes that must not be able to write')
    .option('--write-tool <name>', 'a tool that writes; a read token must not be able to call it')
    .option('--resource <url>', 'the public URL of the server, if it has another one')
    .option('--public', 'the server has no access control on purpose')
    .option('--theme <themes...>', 'try only these themes')
    .option('--row <ids...>', 'try only these rows, such as audience-04')
    .option('--rate <number>', 'requests per second at most (default: 20)')
    .option('--slow <seconds>', 'hold slow connections so long (default: leave them out)')
    .option('--format <format>', 'text, json, html or sarif (default: text)')
    .option('--output <file>', 'write the report to a file')
    .option('--json', 'write JSON')
    .action(async (url, options) => {
      const { audit } = await import('./audit.ts');
      end(await audit(url, options, surroundings));
    });
}
