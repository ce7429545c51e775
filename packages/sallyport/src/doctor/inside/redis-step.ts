import { failed, passed, type Step } from '../../diagnosis/step.ts';
import { printable } from '../../terminal/printable.ts';

const cures: Readonly<Record<string, string>> = {
  NOAUTH: 'Write the password into the URL: rediss://:<password>@host:6380.',
  WRONGPASS: 'Correct the password in FASTMCP_SERVER_AUTH_RATE_LIMIT_REDIS_URL.',
  NOPERM: 'Allow EVAL, EVALSHA and the keys sallyport:* for this user of Redis.',
  READONLY: 'Set FASTMCP_SERVER_AUTH_RATE_LIMIT_REDIS_URL to the primary: this is a replica.',
  OOM: 'Give Redis more memory, or let it evict keys.',
};

/** @param fault Why Redis cannot be used, from the limiter; `undefined` where it can. */
export function readRedisStep(fault: string | undefined): Step {
  if (fault === undefined) return passed('Redis', 'answers, and runs the scripts of the limiter');
  return failed('Redis', {
    summary: printable(fault),
    owner: fault in cures ? 'this server' : 'the network',
    cure:
      cures[fault] ??
      'Start Redis, let this machine connect to it, or correct FASTMCP_SERVER_AUTH_RATE_LIMIT_REDIS_URL. Until then each instance counts for itself.',
  });
}
