import { detectEnvironment, Secret } from '@sallyport/core';
import { protect } from '@sallyport/protect/express';
import { clientSecretPost, entra } from '@sallyport/registration';
import { providers } from '@sallyport/verifier-jwt';
import express from 'express';

const tenant = process.env['TENANT'] ?? '8f2c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const clientId = process.env['CLIENT_ID'] ?? '0b3c1d5e-3b7a-4c9d-8e6f-1a2b3c4d5e6f';
const applicationIdUri = `api://${clientId}`;

const gated = await protect({
  resource: 'https://mcp.example.com/mcp',
  issuer: providers.entra({
    tenants: [tenant],
    audience: applicationIdUri,
    environment: detectEnvironment(process.env),
  }),
  tools: { read_note: ['notes.read'], write_note: ['notes.write'] },
  signIn: entra({
    tenant,
    clientId,
    applicationIdUri,
    clientAuthentication: clientSecretPost({
      clientId,
      secret: new Secret(process.env['CLIENT_SECRET'] ?? ''),
    }),
    sealingKey: new Secret(process.env['SEALING_KEY'] ?? ''),
  }),
});

const app = express();
app.use(gated);
app.all('/mcp', (_request, response) => void response.end('your MCP server'));

export const server = app.listen(process.env['PORT'] ?? 8000);
export const { close } = gated;
