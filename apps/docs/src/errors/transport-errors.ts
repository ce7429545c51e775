/** One page for each answer of the gate that is not about a token. */
import ts from 'typescript';
import { parse } from 'yaml';
import type { Page } from '../pages/page.ts';
import { readSource } from '../repository.ts';
import { statusTexts } from './token-errors.ts';

const source = 'apps/docs/content/errors/transport.yaml';
const table = 'packages/mcp-adapter/src/gate/transport-answers.ts';

/** What people write about one answer. */
export interface TransportError {
  readonly code: string;
  readonly title: string;
  readonly means: string;
  readonly cure: string;
  /** The request of the example. Absent where a request alone cannot provoke the answer. */
  readonly see?: { readonly curl: string; readonly target?: string; readonly token?: boolean };
  /** Only of answers that are not in the table of faults. */
  readonly status?: number;
  readonly body?: string;
}

interface Fault {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export function readTransportErrors(): readonly TransportError[] {
  return parse(readSource(source));
}

/** The table of faults, as the source of the gate has it. */
export function readFaults(): ReadonlyMap<string, Fault> {
  const file = ts.createSourceFile(table, readSource(table), ts.ScriptTarget.Latest, true);
  const faults = new Map<string, Fault>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'faults') {
      for (const row of (node.initializer as ts.ObjectLiteralExpression).properties) {
        if (!ts.isPropertyAssignment(row)) continue;
        const members = (row.initializer as ts.ObjectLiteralExpression).properties
          .filter(ts.isPropertyAssignment)
          .map((member) => [member.name.getText(), member.initializer.getText()] as const);
        const { status = '', code = '', message = '' } = Object.fromEntries(members);
        faults.set(row.name.getText(), {
          status: Number(status),
          code: Number(code.replaceAll('_', '')),
          message: message.slice(1, -1),
        });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

/** The first line and the body of an answer. */
export function transportAnswer(
  entry: TransportError,
  faults = readFaults(),
): readonly [string, string] {
  const fault = faults.get(entry.code);
  const status = entry.status ?? fault?.status ?? 0;
  const body = entry.body ?? JSON.stringify({ code: fault?.code, message: fault?.message });
  return [`HTTP/1.1 ${status} ${statusTexts[status]}`, body];
}

/** The line for a terminal. */
export function transportCommand({ see }: TransportError): string | undefined {
  if (see === undefined) return undefined;
  const { curl, target = '', token = false } = see;
  const address = target.startsWith('/')
    ? `http://localhost:8000${target}`
    : `http://localhost:8000/mcp${target}`;
  const options = [`curl -i "${address}"`, ...(token ? ['-H "Authorization: Bearer $TOKEN"'] : [])];
  const rest = [
    ...(curl.includes('-d ')
      ? ["-H 'Content-Type: application/json'", "-H 'Accept: application/json, text/event-stream'"]
      : []),
    ...(curl === '' ? [] : [curl]),
  ];
  return [...options, ...rest].join(' \\\n  ');
}

export function transportErrorPages(): readonly Page[] {
  const faults = readFaults();
  return readTransportErrors().map((entry) => {
    const { code, title, means, cure } = entry;
    const command = transportCommand(entry);
    const [statusLine, body] = transportAnswer(entry, faults);
    const text = [
      `# \`${code}\``,
      `**${title}.** ${means.trim()}`,
      '## See it',
      ...(command === undefined
        ? ['One request alone does not get this answer.']
        : [['```sh refused', command, '```'].join('\n')]),
      ['```http answer', statusLine, '', body, '```'].join('\n'),
      ...(faults.has(code)
        ? ['The body of the answer is a JSON-RPC error with this code and message.']
        : []),
      '## Cure it',
      cure.trim(),
      'To read what a server answers to a client, run `doctor`:',
      ['```sh command', 'npx sallyport doctor http://localhost:8000/mcp', '```'].join('\n'),
    ];
    return { path: `errors/${code}.md`, text: `${text.join('\n\n')}\n`, source };
  });
}
