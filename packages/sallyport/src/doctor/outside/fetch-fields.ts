/** One request as a client sends it, with the header fields of its answer. */

/** An answer. */
export interface ClientAnswer {
  readonly status: number;
  /** Of a header field; `undefined` where there is none. */
  field(name: string): string | undefined;
  /** The parsed body; `undefined` where it is not JSON. */
  readonly json: unknown;
}

const patienceMs = 10_000;
const mostCharacters = 262_144;

// The page of the Inspector, which connects from a browser.
const browserOrigin = 'http://localhost:6274';

/** Never rejects: `undefined` where there is no answer. */
export async function askAsClient(
  url: string,
  signal: AbortSignal,
  message?: object,
): Promise<ClientAnswer | undefined> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      method: message === undefined ? 'GET' : 'POST',
      headers: {
        Accept: 'application/json, text/event-stream',
        Origin: browserOrigin,
        'User-Agent': 'sallyport',
        ...(message !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(message !== undefined && { body: JSON.stringify(message) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    const json = isJson ? parse((await response.text()).slice(0, mostCharacters)) : undefined;
    if (!isJson) await response.body?.cancel();
    return {
      status: response.status,
      json,
      field: (name) => response.headers.get(name) ?? undefined,
    };
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first request of every MCP client. */
export const initialize: object = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'sallyport-doctor', version: '1' },
  },
};

/** A request that needs a token at every server of Sallyport, also with an anonymous list. */
export const subscribe: object = {
  jsonrpc: '2.0',
  id: 2,
  method: 'resources/subscribe',
  params: { uri: 'sallyport:doctor' },
};
