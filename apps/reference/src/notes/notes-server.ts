import {
  type AuthInfo,
  McpServer,
  type McpServerFactory,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { z } from 'zod';
import { longestPage } from './note-quota.ts';
import type { NoteStore, Owner } from './notes.ts';
import { createToolWatch, type ToolListener } from './tool-watch.ts';

// A server is made for every request; validator and schemas, which cost most of it, are made once.
const jsonSchemaValidator = new AjvJsonSchemaValidator();
const greeting = compile(z.object({ name: z.string().max(200) }));
const noteId = compile(z.object({ id: z.string().max(64).describe('As list_notes gives it') }));
const newNote = compile(z.object({ title: z.string().max(200), text: z.string().max(100_000) }));
const page = compile(
  z.object({
    cursor: z.string().max(64).optional().describe('nextCursor of the page before'),
    limit: z.number().int().min(1).max(longestPage).optional().describe('Most notes of the page'),
  }),
);

/**
 * Makes the MCP server that serves one request, for both protocol eras.
 *
 * @param onEvent Receives an event for each tool that fails. Default: events are dropped.
 */
export function createNotesServer(notes: NoteStore, onEvent?: ToolListener): McpServerFactory {
  const watch = createToolWatch(onEvent);
  return () => {
    const server = new McpServer(
      { name: 'sallyport-reference', version: '1.0.0' },
      { jsonSchemaValidator },
    );

    server.registerTool('whoami', { description: 'Says who is calling' }, ({ http }) =>
      watch('whoami', async () => {
        const { clientId, scopes, expiresAt } = signedIn(http?.authInfo);
        return json({ ...ownerOf(http?.authInfo), clientId, scopes, expiresAt });
      }),
    );

    server.registerTool(
      'hello',
      { description: 'Greets somebody', inputSchema: greeting },
      ({ name }) => watch('hello', async () => text(`Hello, ${name}!`)),
    );

    server.registerTool(
      'list_notes',
      { description: 'Lists your notes, page by page', inputSchema: page },
      (input, { http }) =>
        watch('list_notes', async () => json(await notes.list(ownerOf(http?.authInfo), input))),
    );

    server.registerTool(
      'read_note',
      { description: 'Reads one of your notes', inputSchema: noteId },
      (input, { http }) =>
        watch('read_note', async () => {
          const note = await notes.read(ownerOf(http?.authInfo), input.id);
          return note === undefined ? noSuchNote : json(note);
        }),
    );

    server.registerTool(
      'write_note',
      { description: 'Writes a new note', inputSchema: newNote },
      (input, { http }) =>
        watch('write_note', async () => json(await notes.write(ownerOf(http?.authInfo), input))),
    );

    server.registerTool(
      'delete_note',
      { description: 'Deletes one of your notes', inputSchema: noteId },
      (input, { http }) =>
        watch('delete_note', async () =>
          (await notes.delete(ownerOf(http?.authInfo), input.id)) ? text('Deleted') : noSuchNote,
        ),
    );

    return server;
  };
}

/** The SDK asks for a tool's JSON Schema with every call, and zod would make it anew. */
function compile<T>(schema: z.ZodType<T, T>): StandardSchemaWithJSON<T> {
  const standard = schema['~standard'];
  const input = standard.jsonSchema.input({ target: 'draft-2020-12' });
  return {
    '~standard': { ...standard, jsonSchema: { ...standard.jsonSchema, input: () => input } },
  };
}

const noSuchNote = { ...text('You have no such note'), isError: true };

function text(content: string) {
  return { content: [{ type: 'text' as const, text: content }] };
}

function json(value: unknown) {
  return text(JSON.stringify(value));
}

/** The gate always says who is calling; a server wired up without it must not serve anybody. */
function signedIn(authInfo: AuthInfo | undefined): AuthInfo {
  if (authInfo === undefined) throw new Error('Nobody is signed in: the gate is missing');
  return authInfo;
}

function ownerOf(authInfo: AuthInfo | undefined): Owner {
  const { issuer, subject } = signedIn(authInfo).extra ?? {};
  if (typeof issuer !== 'string' || typeof subject !== 'string') {
    throw new Error('The gate did not say who is calling');
  }
  return { issuer, subject };
}
