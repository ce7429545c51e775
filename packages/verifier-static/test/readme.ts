import { detectEnvironment } from '@sallyport/core';
import { createStaticVerifier } from '@sallyport/verifier-static';

const verifier = createStaticVerifier({
  tokens: { 'dev-token-12345': { clientId: 'dev-user', scopes: ['notes:read'] } },
  audience: 'http://127.0.0.1:8000/mcp',
  environment: detectEnvironment({ ENVIRONMENT: 'development' }),
  listenHost: '127.0.0.1',
});

export const principal = await verifier.verify('dev-token-12345', {
  nowSeconds: Math.floor(Date.now() / 1_000),
  signal: AbortSignal.timeout(1_000),
  allowRemote: true,
});
