/** The reference server: all of it, with its log, and what stands behind its gate alone. */
import { createServer } from 'node:http';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { openNoteStore } from '@sallyport/reference/notes';
import { createNotesHandler } from '@sallyport/reference/notes-handler';
import { createNotesServer } from '@sallyport/reference/notes-server';
import { startServer } from '@sallyport/reference/server';
import { audience, issuerName } from '../tokens/tokens.ts';
import { openly } from './openly.ts';
import { listenOn, type ServerContestant } from './server-contestant.ts';

export const bareReference: ServerContestant = {
  name: 'the reference server without its gate',
  line: 'v2',
  checksTokens: false,
  async listen() {
    const handler = createMcpHandler(createNotesServer(await openNoteStore(':memory:')));
    return listenOn(createServer(openly(createNotesHandler(handler))));
  },
};

const prefix = 'FASTMCP_SERVER_AUTH';

export const reference: ServerContestant = {
  name: 'the reference server',
  line: 'v2',
  checksTokens: true,
  async listen({ keyText }) {
    const variables = {
      ENVIRONMENT: 'development',
      PORT: '0',
      [`${prefix}_TYPE`]: 'jwt',
      [`${prefix}_JWT_ISSUER`]: issuerName,
      [`${prefix}_JWT_AUDIENCE`]: audience,
      [`${prefix}_JWT_ALGORITHM`]: 'RS256',
      [`${prefix}_JWT_PUBLIC_KEY`]: keyText,
    };
    const server = await startServer({ variables });
    return { port: Number(new URL(server.resource).port), close: () => server.stop() };
  },
};
