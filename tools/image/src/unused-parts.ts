import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BundlerPlugin } from './node-modules.ts';
import { keepMethod } from './secret-manager-definition.ts';

interface Part {
  readonly files: RegExp;
  /** What stands in the place of the file. */
  replace(text: string): string;
}

const emptyModule = () => 'module.exports = {};';

// Each makes a start shorter. A name that no longer fits leaves the file as it is.
const parts: readonly Part[] = [
  {
    // A second form of the descriptions in `protos.json`, for those who encode messages themselves.
    files: /[\\/]@google-cloud[\\/]secret-manager[\\/]build[\\/]protos[\\/]protos\.js$/,
    replace: emptyModule,
  },
  {
    files: /[\\/]google-gax[\\/]build[\\/]protos[\\/](?:iam_service|operations|locations)\.js$/,
    replace: emptyModule,
  },
  {
    // The server uses `v1`.
    files: /[\\/]@google-cloud[\\/]secret-manager[\\/]build[\\/]src[\\/]v1beta\d[\\/]index\.js$/,
    replace: emptyModule,
  },
  {
    files: /[\\/]@google-cloud[\\/]secret-manager[\\/]build[\\/]protos[\\/]protos\.json$/,
    replace: (text) =>
      `module.exports = ${keepMethod(text, 'SecretManagerService', 'AccessSecretVersion')};`,
  },
  {
    // Descriptors of messages are for servers that describe themselves. Calls need the encoders only.
    files: /[\\/]protobufjs[\\/]ext[\\/]descriptor[\\/]index\.js$/,
    replace: () => `const { Enum, Root, Type } = require('protobufjs');
const none = { file: [], $type: { toObject: () => ({}) } };
for (const kind of [Enum, Root, Type]) kind.prototype.toDescriptor = () => none;`,
  },
  {
    // Clients of other services, which each client of Google can make.
    files: /[\\/]google-gax[\\/]build[\\/]src[\\/](?:iamService|operationsClient)\.js$/,
    replace: emptyModule,
  },
  {
    files: /[\\/]@grpc[\\/]grpc-js[\\/]build[\\/]src[\\/]server\.js$/,
    replace: () => 'exports.Server = class {};',
  },
  {
    // Each client of Google makes a second one, which lists the regions of its service.
    files: /[\\/]google-gax[\\/]build[\\/]src[\\/]locationService\.js$/,
    replace: () => 'exports.LocationsClient = class { async close() {} };',
  },
  {
    // zod's messages in all languages but English.
    files: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/,
    replace: () => "export { default as en } from './en.js';",
  },
  {
    // All that this repository imports of undici. Its mocks, caches, cookies and sockets take half of its time to load.
    files: /[\\/]undici[\\/]index\.js$/,
    replace: () => `export const Agent = require('./lib/dispatcher/agent');
export const Pool = require('./lib/dispatcher/pool');
export const ProxyAgent = require('./lib/dispatcher/proxy-agent');
export const fetch = (input, init) => require('./lib/web/fetch').fetch(input, init);
Object.assign(require('./lib/dispatcher/dispatcher').prototype, require('./lib/api'));`,
  },
];

/** Leaves out what no program of this repository uses, and what the bundler cannot know to be unused. */
export const unusedParts: BundlerPlugin = {
  name: 'unused-parts',
  setup(build) {
    for (const { files, replace } of parts) {
      build.onLoad({ filter: files }, ({ path }) => ({
        contents: replace(readFileSync(path, 'utf8')),
        resolveDir: dirname(path),
      }));
    }
  },
};
