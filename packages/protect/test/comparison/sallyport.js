import { protect } from '@sallyport/protect/express';

export async function protectServer(app) {
  app.use(await protect({
    resource: 'https://mcp.example.com/mcp',
    issuer: 'https://auth.example.com',
    tools: { read_note: ['notes:read'], write_note: ['notes:write'] },
  }));
}
