/** One mistake of a server, and the usual ways to make one. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditedServer } from './hardened-server.ts';
import { isGoodBut, type Members, type ReadToken } from './read-token.ts';

/** What a broken server can do to a request before the gate. */
export interface Attacked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The values of a field, from the bytes. */
  values(name: string): readonly string[];
  /** Replaces all fields of a name. `undefined` removes them. */
  set(name: string, value: string | undefined): void;
  /** Lets the request pass with a good token, whose claims can differ. */
  accept(claims?: Members): Promise<void>;
  /** The token of the request, if it can be read. */
  token(): ReadToken | undefined;
  /** Changes the answer before it is written. */
  onAnswer(change: (head: AnswerHead, body: string) => string | undefined): void;
  readonly server: AuditedServer;
}

/** The head of an answer, which can be changed. */
export interface AnswerHead {
  status: number;
  readonly fields: Record<string, string>;
}

/** One mistake. */
export interface Defect {
  readonly name: string;
  /** The rows that must find it. */
  readonly found: readonly string[];
  /** It is audited as a server without access control. Default false. */
  readonly isPublic?: boolean;
  /** @returns `true` if the request is answered already. */
  readonly break: (attacked: Attacked) => unknown;
}

/** Lets tokens pass that a careless verifier takes for good. */
export const takes = (
  name: string,
  found: readonly string[],
  isGood: (token: ReadToken, server: AuditedServer) => unknown,
): Defect => ({
  name,
  found,
  break: async (attacked) => {
    const token = attacked.token();
    if (token !== undefined && (await isGood(token, attacked.server))) await attacked.accept();
  },
});

export const careless = (
  name: string,
  claim: string,
  found: readonly string[],
  test: (value: unknown, server: AuditedServer) => boolean = () => true,
) =>
  takes(
    name,
    found,
    (token, server) => isGoodBut(token, claim, server) && test(token.claims[claim], server),
  );

export const passes = (
  name: string,
  found: readonly string[],
  test: (attacked: Attacked) => unknown,
): Defect => ({
  name,
  found,
  break: async (attacked) => {
    if (test(attacked)) await attacked.accept();
  },
});

export const answers = (
  name: string,
  found: readonly string[],
  change: (head: AnswerHead, body: string, attacked: Attacked) => string | undefined,
): Defect => ({
  name,
  found,
  break: (attacked) => attacked.onAnswer((head, body) => change(head, body, attacked)),
});

/** A URL that a router cleans before it looks for the endpoint, but not before the check. */
export const cleans = (
  name: string,
  found: readonly string[],
  clean: (path: string) => string,
): Defect => ({
  name,
  found,
  break: async (attacked) => {
    const { request } = attacked;
    const cleaned = clean(request.url ?? '');
    if (cleaned === request.url) return;
    request.url = cleaned;
    await attacked.accept();
  },
});

export const has = (field: string) => (attacked: Attacked) => attacked.values(field).length > 0;
export const isBare = (attacked: Attacked) => attacked.values('authorization').length === 0;

export function edit(head: AnswerHead, name: string, change: (text: string) => string): undefined {
  head.fields[name] = change(head.fields[name] ?? '');
  return undefined;
}
