/** Every row, in the order in which they are tried. */
import { type AuditRow, themes } from '../row.ts';
import { challenge } from './discovery/challenge.ts';
import { control } from './discovery/control.ts';
import { metadata } from './discovery/metadata.ts';
import { cors } from './http/cors.ts';
import { http2 } from './http/http2.ts';
import { limits } from './http/limits.ts';
import { methodTricks } from './http/methods.ts';
import { paths } from './http/paths.ts';
import { rebinding } from './http/rebinding.ts';
import { smuggling } from './http/smuggling.ts';
import { batches, contentTypes } from './messages/batches.ts';
import { bodies } from './messages/body.ts';
import { scopes } from './messages/scopes.ts';
import { sessions } from './messages/sessions.ts';
import { algorithm } from './tokens/algorithm.ts';
import { audience, expiry } from './tokens/audience.ts';
import { claims } from './tokens/claims.ts';
import { credentials, duplicateFields } from './tokens/credentials.ts';
import { keyId } from './tokens/key-id.ts';
import { tokenForm } from './tokens/token-form.ts';

const tables: readonly (readonly AuditRow[])[] = [
  ...[control, metadata, challenge, paths, methodTricks, tokenForm, algorithm, keyId, claims],
  ...[audience, expiry, credentials, duplicateFields, scopes, bodies, batches, contentTypes],
  ...[rebinding, cors, sessions, smuggling, limits, http2],
];

/** Every row. */
export const allRows: readonly AuditRow[] = themes.flatMap((theme) =>
  tables.flat().filter((row) => row.theme === theme),
);
