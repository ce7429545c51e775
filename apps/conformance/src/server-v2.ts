/** The server of SDK v2 that is put before the suite: without sessions, for revision 2026-07-28. */
import {
  completable,
  createMcpHandler,
  createRequestStateCodec,
  inputRequired,
  type McpHttpHandler,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import {
  fillTemplate,
  promptWithArguments,
  promptWithResource,
  template,
  text,
  textForm,
} from './contents.ts';
import { addPlainContents, completeWord, goOn } from './plain-contents.ts';

const codec = createRequestStateCodec<{ step: number }>({
  key: crypto.getRandomValues(new Uint8Array(32)),
});

export function createServerV2(): McpServer {
  const server = new McpServer(
    { name: 'conformance', version: '1.0.0' },
    {
      capabilities: { logging: {}, completions: {} },
      requestState: { verify: codec.verify },
    },
  );
  addPlainContents(server);
  addTools(server);
  addMirroredTool(server);
  addQuestions(server);
  addResources(server);
  addPrompts(server);
  return server;
}

export function createHandlerV2(): McpHttpHandler {
  return createMcpHandler(createServerV2);
}

function addTools(server: McpServer): void {
  server.registerTool('test_tool_with_progress', { description: 'Goes on' }, ({ mcpReq }) =>
    goOn(mcpReq._meta?.progressToken, (notification) => mcpReq.notify(notification)),
  );
}

function addMirroredTool(server: McpServer): void {
  const region = z.string().meta({ 'x-mcp-header': 'Region' });
  server.registerTool(
    'test_mirrored_argument',
    { description: 'Has an argument that a header repeats', inputSchema: z.object({ region }) },
    ({ region: given }) => ({ content: [text(given)] }),
  );
}

type Question = Record<string, ReturnType<typeof inputRequired.elicit>>;

const askName: Question = {
  user_name: inputRequired.elicit({
    message: 'What is your name?',
    requestedSchema: textForm('name'),
  }),
};
const askCapital: Question = {
  capital_question: inputRequired.createMessage({
    messages: [{ role: 'user', content: text('What is the capital of France?') }],
    maxTokens: 100,
  }),
};
const askRoots: Question = { client_roots: inputRequired.listRoots() };
const askGreeting: Question = {
  greeting: inputRequired.createMessage({
    messages: [{ role: 'user', content: text('Generate a greeting') }],
    maxTokens: 50,
  }),
};
const askConfirmation: Question = {
  confirm: inputRequired.elicit({
    message: 'Please confirm',
    requestedSchema: {
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
    },
  }),
};

/** The answers, once all the questions have one that is an object. */
function answersTo(questions: Question, { mcpReq }: ServerContext): object | undefined {
  const given = (mcpReq.inputResponses ?? {}) as Record<string, unknown>;
  const complete = Object.keys(questions).every(
    (name) => typeof given[name] === 'object' && given[name] !== null,
  );
  return complete ? given : undefined;
}

/** Tools that need an answer of the client before they are done (SEP-2322). */
function addQuestions(server: McpServer): void {
  const ask = (name: string, questions: Question, withState = false) =>
    server.registerTool(name, { description: 'Asks' }, async (context) => {
      const answers = answersTo(questions, context);
      if (answers !== undefined) {
        return { content: [text(`state-ok ${JSON.stringify(answers)}`)] };
      }
      return inputRequired({
        inputRequests: questions,
        ...(withState && { requestState: await codec.mint({ step: 1 }) }),
      });
    });
  ask('test_input_required_result_elicitation', askName);
  ask('test_input_required_result_sampling', askCapital);
  ask('test_input_required_result_list_roots', askRoots);
  ask('test_input_required_result_request_state', askConfirmation, true);
  ask('test_input_required_result_tampered_state', askConfirmation, true);
  ask(
    'test_input_required_result_multiple_inputs',
    { ...askName, ...askGreeting, ...askRoots },
    true,
  );

  const steps: readonly Question[] = [
    {
      step1: inputRequired.elicit({
        message: 'Step 1: What is your name?',
        requestedSchema: textForm('name'),
      }),
    },
    {
      step2: inputRequired.elicit({
        message: 'Step 2: What is your favorite color?',
        requestedSchema: textForm('color'),
      }),
    },
  ];
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice' },
    async (context) => {
      const { step } = context.mcpReq.requestState<{ step: number }>() ?? { step: -1 };
      const isAnswered = step >= 0 && answersTo(steps[step] ?? {}, context) !== undefined;
      const next = isAnswered ? step + 1 : Math.max(step, 0);
      const questions = steps[next];
      if (questions === undefined) return { content: [text('Done')] };
      return inputRequired({
        inputRequests: questions,
        requestState: await codec.mint({ step: next }),
      });
    },
  );
}

function addResources(server: McpServer): void {
  server.registerResource(
    'template',
    new ResourceTemplate(template, { list: undefined }),
    { description: 'A template', mimeType: 'application/json' },
    (uri, { id }) => fillTemplate(uri.href, String(id)),
  );
}

function addPrompts(server: McpServer): void {
  const arg1 = completable(z.string(), completeWord);
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'Two arguments', argsSchema: z.object({ arg1, arg2: z.string() }) },
    promptWithArguments,
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A resource', argsSchema: z.object({ resourceUri: z.string() }) },
    promptWithResource,
  );
  const questions: Question = {
    user_context: inputRequired.elicit({
      message: 'What context should the prompt use?',
      requestedSchema: textForm('context'),
    }),
  };
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks' }, (context) =>
    answersTo(questions, context) === undefined
      ? inputRequired({ inputRequests: questions })
      : { messages: [{ role: 'user', content: text('With your context') }] },
  );
}
