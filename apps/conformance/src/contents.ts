/** What the suite expects to find, word for word. */

// One red pixel, and a silence of no length.
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

const image = { type: 'image' as const, data: png, mimeType: 'image/png' };
const audio = { type: 'audio' as const, data: wav, mimeType: 'audio/wav' };

export function text(content: string): { type: 'text'; text: string } {
  return { type: 'text', text: content };
}

function embedded(uri: string, mimeType: string, content: string) {
  return { type: 'resource' as const, resource: { uri, mimeType, text: content } };
}

/** Tools that always answer the same. */
export const plainTools = {
  test_simple_text: [text('This is a simple text response for testing.')],
  test_image_content: [image],
  test_audio_content: [audio],
  test_embedded_resource: [
    embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
  ],
  test_multiple_content_types: [
    text('Multiple content types test:'),
    image,
    embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ],
} as const;

export const errorText = 'This tool intentionally returns an error for testing';

export const resources = {
  'test://static-text': {
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  },
  'test://static-binary': { mimeType: 'image/png', blob: png },
  'test://watched-resource': { mimeType: 'text/plain', text: 'Watched.' },
} as const;

export const template = 'test://template/{id}/data';

export function fillTemplate(uri: string, id: string) {
  const content = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { contents: [{ uri, mimeType: 'application/json', text: content }] };
}

const user = <Content>(content: Content) => ({ role: 'user' as const, content });

/** Prompts without arguments. */
export const plainPrompts = {
  test_simple_prompt: [user(text('This is a simple prompt for testing.'))],
  test_prompt_with_image: [user(image), user(text('Please analyze the image above.'))],
} as const;

export function promptWithArguments({ arg1, arg2 }: { arg1: string; arg2: string }) {
  return { messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))] };
}

export function promptWithResource({ resourceUri }: { resourceUri: string }) {
  return {
    messages: [
      user(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
      user(text('Please process the embedded resource above.')),
    ],
  };
}

/** A form with a default for every primitive type (SEP-1034). */
export const formWithDefaults = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const, default: 'John Doe' },
    age: { type: 'integer' as const, default: 30 },
    score: { type: 'number' as const, default: 95.5 },
    status: {
      type: 'string' as const,
      enum: ['active', 'inactive', 'pending'],
      default: 'active',
    },
    verified: { type: 'boolean' as const, default: true },
  },
};

const titled = (values: readonly string[], titles: readonly string[]) =>
  values.map((value, index) => ({ const: value, title: titles[index] ?? value }));
const options = ['option1', 'option2', 'option3'];
const values = ['value1', 'value2', 'value3'];

/** A form with all five kinds of choice (SEP-1330). */
export const formWithChoices = {
  type: 'object' as const,
  properties: {
    untitledSingle: { type: 'string' as const, enum: options },
    titledSingle: {
      type: 'string' as const,
      oneOf: titled(values, ['First Option', 'Second Option', 'Third Option']),
    },
    legacyEnum: {
      type: 'string' as const,
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: {
      type: 'array' as const,
      items: { type: 'string' as const, enum: options },
    },
    titledMulti: {
      type: 'array' as const,
      items: { anyOf: titled(values, ['First Choice', 'Second Choice', 'Third Choice']) },
    },
  },
};

/** A form with fields of text, all of them required. */
export function textForm(...names: readonly string[]) {
  return {
    type: 'object' as const,
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    required: [...names],
  };
}

export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
