import { failed, passed, type Step } from '../../diagnosis/step.ts';
import { printable } from '../../terminal/printable.ts';
import type { ClientAnswer } from './fetch-fields.ts';

/** The answer to a client without a token. */
export interface FoundChallenge {
  readonly step: Step;
  /** Where the challenge leads; `undefined` where it leads nowhere. */
  readonly metadataUrl: string | undefined;
  readonly isReadableByPages: boolean;
}

/** Reads the challenge (RFC 6750 §3, RFC 9728 §5.1). */
export function readChallengeStep(answer: ClientAnswer | undefined): FoundChallenge {
  const field = answer?.field('WWW-Authenticate') ?? '';
  const [, url] = /\bresource_metadata="([^"]+)"/.exec(field) ?? [];
  const metadataUrl = url !== undefined && URL.canParse(url) ? url : undefined;
  const isReadableByPages =
    answer?.field('Access-Control-Allow-Origin') !== undefined &&
    /www-authenticate|\*/i.test(answer.field('Access-Control-Expose-Headers') ?? '');
  return { step: judge(answer?.status, field, metadataUrl), metadataUrl, isReadableByPages };
}

function judge(status: number | undefined, field: string, metadataUrl: string | undefined): Step {
  const fail = (summary: string, cure: string, found?: string) =>
    failed('challenge', {
      summary,
      ...(found && { found: printable(found) }),
      expected: '401 with WWW-Authenticate: Bearer resource_metadata="..."',
      owner: 'this server',
      cure,
    });
  if (status === undefined)
    return fail('no answer to the first message', 'Look at the log of the server.');
  if (status >= 200 && status < 300) {
    return fail(
      'anybody is let in without a token',
      'Put the gate in front: everybody who reaches this address can call every tool.',
      `HTTP ${status}`,
    );
  }
  if (status === 403 && field === '') {
    return fail(
      'refused before the gate',
      'On Cloud Run, switch the check of IAM off: gcloud run services update SERVICE --no-invoker-iam-check. The gate is the authentication.',
      'HTTP 403 without WWW-Authenticate',
    );
  }
  if (status === 404) {
    return fail(
      'there is nothing at this path',
      'Add the path of the MCP endpoint to the URL, such as /mcp.',
      'HTTP 404',
    );
  }
  if (status === 429 || status === 503) {
    return fail(
      'the server is busy or starting',
      'Wait for Retry-After, then try again.',
      `HTTP ${status}`,
    );
  }
  if (status !== 401)
    return fail('another status than 401', 'Look at the log of the server.', `HTTP ${status}`);
  if (metadataUrl === undefined) {
    return fail(
      'the challenge does not lead to the metadata',
      'Send resource_metadata in WWW-Authenticate, as a gate of Sallyport does. A proxy in front must not change the field.',
      field || '401 without WWW-Authenticate',
    );
  }
  return passed('challenge', '401, and leads to the metadata');
}
