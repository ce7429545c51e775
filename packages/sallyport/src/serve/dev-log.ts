/** What `dev` says: sentences, and lines to paste. */
import { basename } from 'node:path';
import type { AuditEvent } from '@sallyport/core';
import type { ProgramLog } from '@sallyport/lifecycle';
import type { OperationalEvent } from '@sallyport/telemetry';
import type { Surroundings } from '../surroundings.ts';
import { printable } from '../terminal/printable.ts';
import { createTerminal } from '../terminal/terminal.ts';
import { localScope } from './local-sign-in.ts';
import type { ServeOptions, Target } from './serve-options.ts';
import type { GateServer } from './start-server.ts';

/** The log of `dev`. */
export interface DevLog extends ProgramLog<GateServer> {
  /** Writes a decision of the gate, on one line. */
  decided(event: AuditEvent): void;
  /** Names the tool of a call that no setting names: the audit log has no name that a client wrote. */
  forwarded(body: unknown, toolScopes: Readonly<Record<string, unknown>>): void;
  /** Writes the next address of the live view: each works once. */
  liveViewUsed(address: string): void;
  /** Writes what a developer should know. */
  happened(event: OperationalEvent): void;
}

const longestAdvice = 1_000;
const undeclaredTool = 'tools/call of an undeclared tool';

// Events that say that all is well.
const quiet: ReadonlySet<string> = new Set([
  'keys_loaded',
  'assertion_key_random',
  'secret_loaded',
]);

/** Writes to the two standard streams. */
export function createDevLog(
  { target, options }: { readonly target: Target; readonly options: ServeOptions },
  { output, errors, variables }: Surroundings,
): DevLog {
  const terminal = createTerminal(output, variables);
  const failures = createTerminal(errors, variables);
  return {
    async listening(server) {
      const { resource, local, config } = server;
      terminal.line();
      terminal.pair('Endpoint', resource, { tone: 'strong' });
      terminal.pair('Behind it', describeTarget(target));
      terminal.pair('Sign-in', describeSignIn(server));
      if (server.liveView !== undefined) terminal.pair('Live view', server.liveView);
      terminal.line();
      if (local !== undefined) {
        const token = await local.issueToken({ resource, scopes: [localScope] });
        terminal.line('  A token that works now:');
        terminal.line();
        terminal.line(`TOKEN=${token}`);
        terminal.line();
        if (options.curl) {
          terminal.line(
            `curl -H "Authorization: Bearer $TOKEN" ${new URL(resource).origin}/mcp/tools/list`,
          );
          terminal.line();
        }
      }
      for (const warning of config.warnings) failures.paragraph(`! ${warning}`);
      terminal.line('  Connect a client, which signs in by itself:');
      terminal.line();
      terminal.line(`npx sallyport install claude-code ${resource} --write`);
      if (!options.inspector) {
        terminal.line(
          `npx @modelcontextprotocol/inspector --web --transport http --server-url ${resource}`,
        );
      }
      terminal.line();
      terminal.pair('Stop', 'Ctrl+C');
      terminal.line();
    },
    stopping() {},
    stopped() {},
    notStarted(problems) {
      failures.line(failures.paint('bad', '✗ The server did not start.'));
      for (const { variable, problem } of problems) {
        if (variable !== undefined) failures.line(`  ${failures.paint('strong', variable)}`);
        failures.paragraph(problem, variable === undefined ? 2 : 4);
      }
    },

    liveViewUsed(address) {
      terminal.line('  The live view is open. For another browser:');
      terminal.line(address);
    },

    decided({ event, code, detail, operation }) {
      const isGood = event === 'authorized';
      if (event === 'authenticated' || (isGood && operation === undeclaredTool)) return;
      const mark = terminal.paint(isGood ? 'good' : 'bad', isGood ? '✓' : '✗');
      terminal.line(`  ${mark} ${printable(operation ?? code ?? event)}`);
      if (detail !== undefined) terminal.paragraph(printable(detail), 4);
    },

    forwarded(body, toolScopes) {
      const { method, params } = Object(body) as { method?: unknown; params?: unknown };
      const { name } = Object(params) as { name?: unknown };
      const isDeclared = Object.keys(toolScopes).some((key) =>
        key.endsWith('*') ? String(name).startsWith(key.slice(0, -1)) : key === name,
      );
      if (method !== 'tools/call' || isDeclared) return;
      terminal.line(`  ${terminal.paint('good', '✓')} tools/call ${printable(name)}`);
    },

    happened(event) {
      if (quiet.has(event.type) || event['reason'] === 'session_over') return;
      const about = ['name', 'reason', 'code', 'detail', 'line'].flatMap(
        (name) => event[name] ?? [],
      );
      terminal.line(
        `  ${terminal.paint('careful', '!')} ${[event.type, ...about].map((part) => printable(part)).join(': ')}`,
      );
      const { advice } = event;
      if (advice !== undefined) terminal.paragraph(printable(advice, longestAdvice), 4);
    },
  };
}

function describeTarget(target: Target): string {
  if (target.kind === 'http') return target.url;
  if (target.kind === 'module') return basename(target.file);
  return [target.command, ...target.args].join(' ');
}

function describeSignIn({ local, config }: GateServer): string {
  if (local !== undefined) return `${local.issuer} (local; forgets everything at the end)`;
  const { type } = config.authentication;
  return type === 'none' ? 'nobody has to sign in' : `as the settings say (${type})`;
}
