/** A person with a browser, for clients that are separate programs. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('browser.ts', import.meta.url));

/** The person in front of the client. */
export interface Person {
  /** Theirs alone, and gone when they leave. */
  readonly folder: string;
  /** For the client's process: its own home, and a browser that this person sits at. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the authorization server was asked for, each time the browser was sent there. */
  readonly visits: () => readonly URLSearchParams[];
  /** The scopes of each visit. */
  readonly asked: () => readonly (string | null)[];
  /** From now on presses Deny. */
  readonly refuse: () => void;
  readonly leave: () => void;
}

export function createPerson(): Person {
  const folder = mkdtempSync(join(tmpdir(), 'person-'));
  const browser = join(folder, 'browser');
  const notedVisits = join(folder, 'visits');
  writeFileSync(browser, `#!/bin/sh\nexec "${process.execPath}" "${program}" "${folder}" "$1"\n`);
  chmodSync(browser, 0o755);
  const visits = () =>
    existsSync(notedVisits)
      ? readFileSync(notedVisits, 'utf8')
          .trimEnd()
          .split('\n')
          .map((address) => new URL(address).searchParams)
      : [];
  return {
    folder,
    environment: {
      PATH: `${folder}:${process.env['PATH']}`,
      HOME: folder,
      BROWSER: browser,
      MCP_REMOTE_CONFIG_DIR: join(folder, 'mcp-remote'),
    },
    visits,
    asked: () => visits().map((visit) => visit.get('scope')),
    refuse: () => writeFileSync(join(folder, 'refuses'), ''),
    leave: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
