import { createServer } from 'node:http';
import { detectEnvironment } from '@sallyport/core';
import { createLandingPage } from '@sallyport/landing-page';
import { protect } from '@sallyport/protect/node';
import { startAuthorizationServer } from '@sallyport/testing';

const resource = 'http://localhost:8000/mcp';
const auth = await startAuthorizationServer({ resources: [{ resource, scopes: ['notes:read'] }] });

const gated = await protect(
  {
    resource,
    resourceName: 'Field notes',
    issuer: auth.issuer,
    tools: { read_note: ['notes:read'] },
    environment: detectEnvironment({ ENVIRONMENT: 'development' }),
    landingPage: createLandingPage(),
  },
  (_request, response) => void response.end('behind the gate'),
);

export const server = createServer(gated);

export async function stop(): Promise<void> {
  server.close();
  await Promise.all([gated.close(), auth.stop()]);
}
