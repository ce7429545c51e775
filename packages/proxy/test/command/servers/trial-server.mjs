/** An MCP server over stdio whose tools misbehave on request. It knows no SDK, so it starts in 30 ms. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const flags = new Set(process.argv.slice(2));
const write = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const notes = [];
const memory = [];
const waiting = new Map();
const held = [];
// Not the ids that the proxy gives.
let asked = 100;
let unanswered = 0;

if (flags.has('exit-at-once')) process.exit(3);
if (flags.has('ignore-sigterm')) process.on('SIGTERM', () => {});
if (flags.has('stay')) setInterval(() => {}, 60_000);
if (flags.has('grandchild')) {
  const grandchild = spawn(
    process.execPath,
    ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  notes.push(String(grandchild.pid));
}

const ask = (method, params) =>
  new Promise((resolve) => {
    asked += 1;
    waiting.set(asked, resolve);
    write({ jsonrpc: '2.0', id: asked, method, params });
  });

const tools = {
  echo: ({ text }) => text,
  pid: () => String(process.pid),
  variables: () => JSON.stringify(process.env),
  remember: ({ text }) => {
    notes.push(text);
    return text;
  },
  recall: () => notes.join(),
  hold: () => {
    unanswered += 1;
    return new Promise((resolve) => held.push(resolve));
  },
  release: () => {
    for (const resolve of held.splice(0)) resolve('held');
    return 'released';
  },
  unanswered: () => String(unanswered),
  grow: ({ bytes }) => {
    memory.push(Buffer.alloc(bytes, 1));
    return 'grown';
  },
  exit: () => process.exit(7),
  long: ({ bytes }) => 'x'.repeat(bytes),
  junk: ({ lines }) => {
    process.stdout.write('this is no JSON\n'.repeat(lines));
    process.stdout.write('[1]\n{"jsonrpc":"1.0"}\n\n');
    return 'done';
  },
  longJunk: ({ bytes, start = '', end = '' }) => {
    process.stdout.write(`${start}${'y'.repeat(bytes)}${end}\n`);
    return 'done';
  },
  flood: () => {
    const line =
      `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'z' } })}\n`.repeat(
        500,
      );
    const pump = () => {
      while (process.stdout.write(line));
      process.stdout.once('drain', pump);
    };
    pump();
    return 'flooding';
  },
  stopReading: () => {
    process.stdin.pause();
    lines.pause();
    setInterval(() => {}, 60_000);
    return 'stopped';
  },
  complain: ({ text }) => {
    process.stderr.write(`${text}\n`);
    return 'done';
  },
  progress: async (_arguments, meta) => {
    for (let progress = 1; progress <= 3; progress += 1) {
      write({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: meta.progressToken, progress },
      });
    }
    return JSON.stringify(meta.progressToken);
  },
  lateProgress: () => {
    for (const progressToken of ['unknown', 1_000_000]) {
      const params = { progressToken, progress: 1 };
      write({ jsonrpc: '2.0', method: 'notifications/progress', params });
    }
    return 'done';
  },
  askInVain: () => {
    void ask('roots/list');
    const params = { requestId: asked, reason: 'too late' };
    write({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
    return 'cancelled';
  },
  ask: async ({ method, params }) => JSON.stringify(await ask(method, params)),
  change: ({ method = 'notifications/tools/list_changed' }) => {
    write({ jsonrpc: '2.0', method });
    return 'changed';
  },
};

// Numbers that no double holds.
const exact = (id) =>
  `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"big":12345678901234567890,"small":1.10,"far":1e400}}\n`;

async function call(id, { name, arguments: given = {}, _meta = {} }, line) {
  if (name === 'line') {
    return write({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: line }] } });
  }
  if (name === 'exact') return process.stdout.write(exact(id));
  if (name === 'fail') {
    return write({ jsonrpc: '2.0', id, error: { code: given.code, message: 'failed' } });
  }
  if (name === 'invalid') return write({ jsonrpc: '2.0', id });
  if (name === 'silent') {
    unanswered += 1;
    return undefined;
  }
  if (tools[name] === undefined) {
    return write({ jsonrpc: '2.0', id, error: { code: -32602, message: 'no such tool' } });
  }
  const text = await tools[name](given, _meta);
  write({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } });
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, method, params = {}, result, error } = JSON.parse(line);
  if (method === undefined) return waiting.get(id)?.(result ?? error);
  if (method === 'notifications/cancelled') notes.push(`cancelled ${params.requestId}`);
  if (id === undefined) return;
  if (method === 'initialize') {
    if (flags.has('never-initialize')) return;
    if (flags.has('refuse-initialize')) {
      return write({ jsonrpc: '2.0', id, error: { code: -32602, message: 'not this revision' } });
    }
    const { protocolVersion } = params;
    if (flags.has('bare')) return write({ jsonrpc: '2.0', id, result: { protocolVersion } });
    const tools = { listChanged: true };
    const resources = flags.has('tools-alone') ? {} : { resources: { subscribe: true } };
    return write({
      jsonrpc: '2.0',
      id,
      result: {
        protocolVersion,
        capabilities: { tools, logging: {}, ...resources },
        serverInfo: { name: 'trial', version: '1' },
      },
    });
  }
  if (flags.has('crash-on-unknown') && method === 'server/discover') process.exit(9);
  if (method === 'logging/setLevel') return write({ jsonrpc: '2.0', id, result: {} });
  if (method === 'tools/list') {
    return write({
      jsonrpc: '2.0',
      id,
      result: {
        tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' } })),
      },
    });
  }
  if (method === 'tools/call') return void call(id, params, line);
  write({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } });
});
