/** A person with a browser, for clients that are programs of their own. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('browser.ts', import.meta.url));

/** Who sits in front of the client. */
export interface Person {
  /** For the client's process: its own home, and a browser that this person sits at. */
  readonly environment: Readonly<Record<string, string>>;
  /** The scopes that were asked for, each time somebody was sent to the authorization server. */
  readonly asked: () => readonly string[];
  /** From now on presses Deny. */
  readonly refuse: () => void;
  readonly leave: () => void;
}

export function createPerson(): Person {
  const folder = mkdtempSync(join(tmpdir(), 'person-'));
  const [browser, visits, refusal] = ['browser', 'visits', 'refuses'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(browser, `#!/bin/sh\nexec "${process.execPath}" "${program}" "${folder}" "$1"\n`);
  chmodSync(browser, 0o755);
  return {
    environment: {
      PATH: `${folder}:${process.env['PATH']}`,
      HOME: folder,
      BROWSER: browser,
      MCP_REMOTE_CONFIG_DIR: join(folder, 'mcp-remote'),
    },
    asked: () =>
      existsSync(visits) ? readFileSync(visits, 'utf8').trimEnd().split('\n').map(readScope) : [],
    refuse: () => writeFileSync(refusal, ''),
    leave: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const readScope = (url: string) => new URL(url).searchParams.get('scope') ?? '';
