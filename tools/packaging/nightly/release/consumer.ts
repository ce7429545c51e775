/** What a user of the published packages does: an empty project, `npm install`, the five lines, a call. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuthorizationServer } from '@sallyport/testing';
import {
  callTool,
  pasteExample,
  type ReadmeExample,
  startExample,
} from '../../test/readme-example.ts';
import { run } from './release-clone.ts';

/** The folder of one Node.js release, as `npm install node@<line>` leaves it. */
export interface NodeRelease {
  readonly program: string;
  readonly version: string;
}

/** Installs the newest Node.js of a line. Its `npm` is the one of this machine. */
export async function installNode(folder: string, line: number): Promise<NodeRelease> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', `node@${line}`], folder);
  const program = join(folder, 'node_modules/node/bin/node');
  return { program, version: (await run(program, ['--version'], folder)).trim() };
}

/** An empty project in which npm installs our packages from the registry on loopback. */
export async function createProject(
  folder: string,
  registry: string,
  install: readonly string[],
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '.npmrc'), `@sallyport:registry=${registry}/\n`);
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  await installPackages(folder, install);
  return folder;
}

export const installPackages = (folder: string, names: readonly string[]): Promise<string> =>
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-online', ...names], folder);

/** The versions of our packages in a project, also of copies inside others. */
export async function listVersions(folder: string): Promise<readonly string[]> {
  const written = await run('npm', ['ls', '--all', '--parseable', '--long'], folder);
  const found = [...written.matchAll(/:(@sallyport\/[^:@]+@[^:\n]+)/g)].map(
    ([, name = '']) => name,
  );
  return [...new Set(found)].sort();
}

/** What the five lines answer: to a stranger, to a signed-in call, to a wrong token, to too small a scope. */
export async function askExample(
  project: string,
  example: ReadmeExample,
  issuer: AuthorizationServer,
  program?: string,
): Promise<readonly number[]> {
  const [[tool, scope], [otherTool]] = example.tools as [[string, string], [string, string]];
  const resource = /resource: '([^']+)'/.exec(example.code)?.[1] as string;
  await pasteExample(project, example, issuer.issuer);
  const running = await startExample(
    project,
    example.file,
    { ENVIRONMENT: 'development' },
    program,
  );
  try {
    const accessToken = await issuer.issueToken({ resource, scopes: [scope], subject: 'ada' });
    const wrong = await issuer.issueToken({
      resource: 'https://other.example.com/mcp',
      scopes: [scope],
    });
    const ask = async (name: string, token?: string) =>
      (await callTool(running.port, resource, name, token)).status;
    return [
      await ask(tool),
      await ask(tool, accessToken),
      await ask(tool, wrong),
      await ask(otherTool, accessToken),
    ];
  } finally {
    await running.stop();
  }
}

/** Stranger 401, signed in 200, a token for another server 401, a scope too small 403. */
export const rightStatuses: readonly number[] = [401, 200, 401, 403];
