import { auth } from 'express-oauth2-jwt-bearer';

export async function protectServer(app) {
  app.use(auth({
    issuerBaseURL: 'https://auth.example.com',
    audience: 'https://mcp.example.com/mcp',
  }));
}
