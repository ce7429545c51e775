export const settings = {
  resource: 'https://mcp.example.com/mcp',
  issuer: 'https://auth.example.com',
  tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
};
