import { createGateFromConfig, loadConfig, writeStartUpReport } from '@sallyport/config';

// A server passes process.env.
const config = await loadConfig({
  ENVIRONMENT: 'production',
  FASTMCP_SERVER_AUTH_TYPE: 'jwt',
  FASTMCP_SERVER_AUTH_JWT_ISSUER: 'https://id.acme-corp.dev',
  FASTMCP_SERVER_AUTH_JWT_AUDIENCE: 'https://notes.acme-corp.dev/mcp',
  FASTMCP_SERVER_AUTH_JWT_JWKS_URI: 'https://id.acme-corp.dev/jwks',
  FASTMCP_SERVER_AUTH_JWT_REQUIRED_SCOPES: 'read:data',
});
export const report = writeStartUpReport(config);

const { gate, close } = await createGateFromConfig(config, {
  tools: { read_note: ['read:data'], write_note: ['write:data'] },
  audit: { emit: (event) => process.stdout.write(`${JSON.stringify(event)}\n`) },
});

// What nodeGate and expressGate of @sallyport/mcp-adapter take.
export const { metadataPath } = gate;
await close();
