import { base64url } from 'jose';

const encoder = new TextEncoder();

/** SHA-256, as base64url. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(text));
  return base64url.encode(new Uint8Array(digest));
}
