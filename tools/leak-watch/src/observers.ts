/** What the watch reads of each function and class of the packages. It changes nothing that they do. */
import { keepAuthorization } from './credentials.ts';
import { isPublicSetting } from './declared.ts';
import type { Observed } from './observed.ts';
import type { Output, Watch } from './watch.ts';
import { watchCalls } from './watch-calls.ts';

type Arguments = readonly unknown[];
type Members = Readonly<Record<string, unknown>>;
// biome-ignore lint/complexity/noBannedTypes: whatever can be called, without a word of its type
type Callable = Function;

/** Wraps a function or class in one that observes it. */
export type Observer = (original: Callable) => Callable;

export function createObservers(watch: Watch): Readonly<Record<Observed, Observer>> {
  const construction = (keep: (args: Arguments, instance: object) => void): Observer => {
    return (original) =>
      new Proxy(original, {
        construct(target, args, newTarget) {
          const instance: object = Reflect.construct(target, args, newTarget);
          keep(args, instance);
          return instance;
        },
      });
  };
  const verifier = called({ result: (made) => watchTokens(made, watch) });
  const events = called({
    args: (args) => args.map((options) => watchListener(options, watch)),
  });
  const provider: Observer = (original) =>
    called({ result: (made) => watchSettings(made, watch) })(events(original));
  const credentials = called({
    args: ([fields, ...others]) => {
      const { authorization } = members(fields);
      for (const field of Array.isArray(authorization) ? authorization : []) {
        keepAuthorization(field, watch);
      }
      return [fields, ...others];
    },
  });
  const token = called({ result: async (minted) => keepToken(await minted, watch) });

  return {
    Secret: construction(([value]) => watch.keepStored(value)),
    extractCredentials: credentials,
    describeTokenVerifier: called({ args: ([fixture]) => [watchFixture(fixture, watch)] }),
    createJwtVerifier: verifier,
    createIntrospectionVerifier: (original) => verifier(events(original)),
    createHybridVerifier: verifier,
    createStaticVerifier: (original) =>
      verifier(called({ args: ([options]) => [watchTable(options, watch)] })(original)),
    issueToken: token,
    mintToken: token,
    // Tests give codes as tokens to a made-up verifier, which refuses them with that code.
    AuthError: construction(([code], instance) => {
      watch.keepPublic(code);
      watch.keepError(instance as Error);
    }),
    ConfigError: construction((_args, instance) => watch.keepError(instance as Error)),
    createGuard: called({
      args: ([options]) => [watchAudit(options, watch)],
      result: (guard) => watchRefusals(guard, watch),
    }),
    createMcpGate: called({
      result: (gate) => watchMethod(gate, 'handle', 'an answer of the gate', 'answer', watch),
    }),
    createCloudLoggingSink: called({ args: ([options]) => [watchLines(options, watch)] }),
    createOpenTelemetrySink: called({ args: ([options]) => [watchProviders(options, watch)] }),
    createAwsSecrets: provider,
    createEnvSecrets: provider,
    createFileSecrets: provider,
    createCachedSecrets: provider,
    createGcpSecrets: provider,
    createVaultSecrets: provider,
    createRedisRateLimiter: events,
    createCommandUpstream: events,
    createHttpUpstream: events,
    remoteJwks: events,
    discoverJwks: events,
    loadConfig: events,
    createGateFromConfig: events,
    writeStartUpReport: called({
      result: (report) => {
        watch.keepOutput('a start-up report', report);
        return report;
      },
    }),
    createApiKeyVerifier: (original) => verifier(events(original)),
  };
}

interface Looks {
  readonly args?: (args: Arguments) => Arguments;
  readonly result?: (result: unknown) => unknown;
}

function called({ args = (given) => given, result = (given) => given }: Looks): Observer {
  return (original) =>
    new Proxy(original, {
      apply: (target, self, given) =>
        result(Reflect.apply(target, self, [...argumentsOf(given, args)])),
    });
}

/** Where reading an argument throws, the factory gets it as it is: an observer changes nothing. */
function argumentsOf(given: Arguments, args: (given: Arguments) => Arguments): Arguments {
  try {
    return args(given);
  } catch {
    return given;
  }
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

/** The same object, with other members in place of some. */
function replace(value: unknown, others: Members): unknown {
  return { ...members(value), ...others };
}

function keepToken(token: unknown, watch: Watch): unknown {
  watch.keepSecret(token);
  return token;
}

function watchTokens(verifier: unknown, watch: Watch): unknown {
  const { verify } = members(verifier);
  if (typeof verify !== 'function') return verifier;
  return replace(verifier, {
    verify: (token: unknown, ...others: Arguments) => {
      watch.keepSecret(token);
      return Reflect.apply(verify, verifier, [token, ...others]);
    },
  });
}

function watchTable(options: unknown, watch: Watch): unknown {
  for (const token of Object.keys(members(members(options)['tokens']))) watch.keepSecret(token);
  return options;
}

function watchFixture(fixture: unknown, watch: Watch): unknown {
  const tokens = Object.entries(members(members(fixture)['tokens'])).map(([name, make]) => [
    name,
    async () => keepToken(await (make as () => unknown)(), watch),
  ]);
  return replace(fixture, { tokens: Object.fromEntries(tokens) });
}

function watchSettings(provider: unknown, watch: Watch): unknown {
  const read = ['get', 'reread'].flatMap((member) => {
    const method = members(provider)[member];
    if (typeof method !== 'function') return [];
    const watched = async (name: unknown, ...others: Arguments) => {
      const found: unknown = await Reflect.apply(method, provider, [name, ...others]);
      const { secret } = members(found);
      const { reveal } = members(secret);
      if (typeof reveal === 'function') {
        const text: unknown = Reflect.apply(reveal, secret, []);
        if (isPublicSetting(String(name), String(text))) watch.keepSetting(text);
      }
      return found;
    };
    return [[member, watched]];
  });
  return replace(provider, Object.fromEntries(read));
}

function watchListener(options: unknown, watch: Watch): unknown {
  const { onEvent } = members(options);
  if (typeof onEvent !== 'function') return options;
  return replace(options, {
    onEvent: (event: unknown) => {
      watch.keepOutput('an operational event', event);
      return Reflect.apply(onEvent, options, [event]);
    },
  });
}

function watchAudit(options: unknown, watch: Watch): unknown {
  const { audit } = members(options);
  const { emit } = members(audit);
  if (typeof emit !== 'function') return options;
  return replace(options, {
    audit: {
      emit: (event: unknown) => {
        // Without what differs from each event to the next.
        const { at, durationMs, trace, ...said } = members(event);
        watch.keepOutput('an audit event', JSON.stringify(said));
        return Reflect.apply(emit, audit, [event]);
      },
    },
  });
}

function watchRefusals(guard: unknown, watch: Watch): unknown {
  return ['authenticate', 'recheck', 'authorize'].reduce(
    (watched, name) => watchMethod(watched, name, 'a refusal', 'refusal', watch),
    guard,
  );
}

/** Keeps one member of what a method returns. */
function watchMethod(
  value: unknown,
  name: string,
  output: Output,
  member: string,
  watch: Watch,
): unknown {
  const method = members(value)[name];
  if (typeof method !== 'function') return value;
  const keep = (result: unknown): unknown => {
    const shown = members(result)[member];
    if (shown !== undefined) watch.keepOutput(output, JSON.stringify(shown));
    return result;
  };
  return replace(value, {
    [name]: (...args: Arguments) => {
      const result: unknown = Reflect.apply(method, value, [...args]);
      return result instanceof Promise ? result.then(keep) : keep(result);
    },
  });
}

function watchLines(options: unknown, watch: Watch): unknown {
  const { write } = members(options);
  if (typeof write !== 'function') return options;
  return replace(options, {
    write: (line: string) => {
      watch.keepLine(line);
      return Reflect.apply(write, options, [line]);
    },
  });
}

function watchProviders(options: unknown, watch: Watch): unknown {
  const { meterProvider, tracerProvider } = members(options);
  const keep = (call: unknown) => watch.keepOutput('a span or metric', call);
  return replace(options, {
    ...(meterProvider !== undefined && { meterProvider: watchCalls(meterProvider, keep) }),
    ...(tracerProvider !== undefined && { tracerProvider: watchCalls(tracerProvider, keep) }),
  });
}
