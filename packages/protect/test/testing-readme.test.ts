import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

it('the README of testing has the example of a test that is run here', () => {
  const readme = read('../../testing/README.md');

  expect(readme).toContain(`\`\`\`js\n${read('./protected-server.test.js')}\`\`\`\n`);
});
