/** `sallyport deny`, `allow` and `denied`: the list of those who are refused at once. */
import { ConfigError } from '@sallyport/core';
import {
  addDenied,
  createEmptyList,
  type Denied,
  type DeniedParty,
  readDenied,
  removeDenied,
} from '@sallyport/denial';
import { exitCode } from '../exit-code.ts';
import type { Surroundings } from '../surroundings.ts';
import { writeNext } from '../terminal/next.ts';
import { printable } from '../terminal/printable.ts';
import { withProgress } from '../terminal/progress.ts';
import { createTerminal, type Terminal } from '../terminal/terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type ListOptions, type OpenList, openList } from './open-list.ts';
import { describeFault } from './open-store.ts';
import { type EndOptions, type PartyOptions, readEnd, readParty } from './read-party.ts';

/** Options of `deny`. */
export interface DenyOptions extends ListOptions, PartyOptions, EndOptions {
  readonly reason?: string;
}

/** Options of `allow`. */
export interface AllowOptions extends ListOptions, PartyOptions {}

/** Options of `denied`. */
export interface DeniedOptions extends ListOptions {
  /** Creates an empty list where there is none. */
  readonly create?: boolean;
}

interface Answer {
  readonly code: number;
  readonly json: object;
  readonly write: (terminal: Terminal) => void;
}

const createIt = 'if it never had one, run "sallyport denied --create"';

/** @returns The exit code. */
export function deny(options: DenyOptions, surroundings: Surroundings): Promise<number> {
  return withList(options, surroundings, async ({ store, issuers }) => {
    const { reason = '' } = options;
    if (reason.trim() === '') throw new UsageError('Say why with --reason. It goes to the log.');
    const party = readParty(options, issuers);
    const until = readEnd(options, surroundings.now());
    const since = Math.floor(surroundings.now() / 1_000);
    const entry: Denied = {
      ...party,
      reason: reason.trim(),
      since,
      ...(until !== undefined && { until }),
    };
    await addDenied(store, entry, surroundings.now());
    const isKnown =
      issuers.length === 0 || party.token !== undefined || issuers.includes(party.issuer);
    const warning = `The settings trust ${issuers.join(', ')}, and not this issuer. Tokens of other issuers are refused anyway.`;
    return {
      code: exitCode.done,
      json: { store: store.name, denied: toJson(entry), ...(!isKnown && { warning }) },
      write(terminal) {
        terminal.line(`  ${terminal.paint('good', `✓ Denied: ${describe(entry)}`)}`);
        terminal.paragraph('In force on every instance within 5 seconds.', 4);
        if (!isKnown) terminal.paragraph(terminal.paint('careful', warning), 4);
        writeNext(terminal, 'see the list with "sallyport denied"');
      },
    };
  });
}

/** @returns The exit code: 1 if the party was not denied. */
export function allow(options: AllowOptions, surroundings: Surroundings): Promise<number> {
  return withList(options, surroundings, async ({ store, issuers }) => {
    const party = readParty(options, issuers);
    const wasDenied = await removeDenied(store, party, surroundings.now());
    return {
      code: wasDenied ? exitCode.done : exitCode.broken,
      json: { store: store.name, allowed: party, wasDenied },
      write(terminal) {
        if (wasDenied) {
          terminal.line(`  ${terminal.paint('good', `✓ Allowed: ${describe(party)}`)}`);
          terminal.paragraph('In force on every instance within 5 seconds.', 4);
        } else {
          terminal.line(`  ${terminal.paint('bad', `✗ Not denied: ${describe(party)}`)}`);
          terminal.paragraph('Nothing has changed. Names are compared exactly.', 4);
        }
        writeNext(terminal, 'see the list with "sallyport denied"');
      },
    };
  });
}

/** @returns The exit code. */
export function denied(options: DeniedOptions, surroundings: Surroundings): Promise<number> {
  return withList(options, surroundings, async ({ store }) => {
    const created = options.create === true && (await createEmptyList(store, surroundings.now()));
    const list = await readDenied(store, surroundings.now());
    if (list === undefined) {
      throw new ConfigError('denial.store', `${store.name} has no list: ${createIt}`);
    }
    return {
      code: exitCode.done,
      json: { store: store.name, created, denied: list.map(toJson) },
      write(terminal) {
        if (created) terminal.line(`  ${terminal.paint('good', '✓ Created an empty list')}`);
        terminal.pair('List', printable(store.name));
        terminal.pair('Denied', list.length === 0 ? 'nobody' : `${list.length}`);
        for (const entry of list) {
          terminal.line();
          terminal.line(`  ${terminal.paint('strong', describe(entry))}`);
          terminal.paragraph(printable(entry.reason), 4);
          terminal.paragraph(terminal.paint('quiet', describeTimes(entry)), 4);
        }
        writeNext(
          terminal,
          'sallyport deny --subject <id> --reason <why>, or sallyport allow --subject <id>',
        );
      },
    };
  });
}

async function withList(
  options: ListOptions,
  surroundings: Surroundings,
  work: (list: OpenList) => Promise<Answer>,
): Promise<number> {
  const { output, errors, variables } = surroundings;
  const list = await openList(options, surroundings);
  if (typeof list === 'number') return list;
  try {
    const { code, json, write } = await withProgress(surroundings, 'Asking for the list', () =>
      work(list),
    );
    if (options.json) {
      output.write(`${JSON.stringify({ ok: code === exitCode.done, ...json }, null, 2)}\n`);
    } else {
      const terminal = createTerminal(output, variables);
      terminal.line();
      write(terminal);
    }
    return code;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const problem =
      error instanceof ConfigError ? printable(error.problem) : describeFault(error, list.store);
    if (options.json) output.write(`${JSON.stringify({ ok: false, problem }, null, 2)}\n`);
    else {
      const terminal = createTerminal(errors, variables);
      terminal.line();
      terminal.line(`  ${terminal.paint('bad', '✗ The list has not changed')}`);
      terminal.paragraph(problem, 4);
      terminal.line();
    }
    return exitCode.broken;
  } finally {
    list.close();
  }
}

function describe(party: DeniedParty): string {
  const { issuer, subject, client, token } = party;
  if (token !== undefined && issuer === 'urn:sallyport:api-key')
    return `API key ${printable(token)}`;
  const [kind, id = ''] =
    subject !== undefined
      ? ['subject', subject]
      : client !== undefined
        ? ['client', client]
        : ['token', token];
  return `${kind} ${printable(id)} of ${printable(issuer)}`;
}

function describeTimes({ since, until }: Denied): string {
  const begin = since === undefined ? 'by hand' : `since ${timeOf(since)}`;
  return `${begin}, ${until === undefined ? 'without end' : `until ${timeOf(until)}`}`;
}

function toJson({ since, until, ...entry }: Denied): object {
  return {
    ...entry,
    ...(since !== undefined && { since: timeOf(since) }),
    ...(until !== undefined && { until: timeOf(until) }),
  };
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000', '');
}
