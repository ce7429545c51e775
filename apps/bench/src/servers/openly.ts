/** The same application without a gate: from it, what a gate adds is told. */
import type { RequestListener } from 'node:http';
import type { GatedHandler, GatedRequest } from '@sallyport/mcp-adapter/node';

/** Reads a body as cheaply as it can be read, and hands everything on to what stands behind a gate. */
export function openly(serve: GatedHandler): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      void serve(request as GatedRequest, response, body);
    });
  };
}
