/** What an observer outside the gate knows: what operators did, what services answered, and when. */

/** How a request was answered: 200, 401, 403, 429 and 503. */
export type Answer = 'accepted' | 'refused' | 'denied' | 'limited' | 'unavailable';

/** What the gate is configured with, in seconds. The README of each package says what follows from it. */
export const times = {
  keysFresh: 60,
  keysStale: 240,
  betweenFetches: 5,
  clockTolerance: 60,
  hmacGrace: 120,
  introspectionCache: 30,
  inactiveCache: 5,
  keyRevocation: 5,
  keyWithoutStore: 4,
  quotaWindow: 20,
  denial: 5,
  storeRecovery: 1,
} as const;

/** Calls of one caller in `times.quotaWindow`. */
export const maximumCalls = 2;

export const issuers = {
  jwt: 'https://keys.example.com',
  hmac: 'https://hmac.example.com',
  opaque: 'https://opaque.example.com',
  apiKey: 'urn:sallyport:api-key',
} as const;

/** Who a credential stands for, as a denial list names it. */
export interface Caller {
  readonly issuer: string;
  readonly subject: string;
  readonly client: string;
  /** `jti`, or the id of an API key. */
  readonly token: string | undefined;
}

export const jwtDefects = ['forged', 'for another server', 'without a client'] as const;
export type JwtDefect = (typeof jwtDefects)[number];

interface Dated extends Caller {
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** What is wrong besides times and keys. */
  readonly defect: JwtDefect | undefined;
}

/** One gate keeps its API keys in Redis, and the other one in a file. */
export const keyStoreNames = ['redis', 'file'] as const;
export type KeyStoreName = (typeof keyStoreNames)[number];

/** What is known of a credential. The credential itself is not among it, so that no message shows it. */
export type Credential =
  | ({ readonly kind: 'jwt'; readonly keyId: string } & Dated)
  | ({ readonly kind: 'hmac jwt'; readonly secret: number } & Dated)
  | ({ readonly kind: 'opaque' } & Caller)
  | ({ readonly kind: 'api key'; readonly store: KeyStoreName } & Caller)
  /** Wrong in a form that no key or store has to be asked about. */
  | { readonly kind: 'nonsense' };

/** A fetch of keys that has ended. */
export interface Fetch {
  readonly at: number;
  /** `undefined`: it failed. */
  readonly keys: ReadonlySet<string> | undefined;
  /** How long no other fetch begins. */
  readonly pause: number;
}

export interface ApiKeyFacts {
  readonly store: KeyStoreName;
  /** The number of the secret that its record was made with. */
  readonly secret: number;
  revokedAt?: number;
  /** Since the gate started. */
  confirmedAt?: number;
  wasRefused?: true;
  /** Whether its store forgot a revocation, which the gate may still know. */
  wasForgotten?: true;
}

export interface OpaqueFacts {
  isActive: boolean;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Since the gate started. */
  activeAt?: number;
  inactiveAt?: number;
}

/** What the list says of one party, and what the gate may still believe. */
export interface DenialFacts {
  isDenied: boolean;
  changedAt: number;
  possible: ReadonlySet<boolean>;
}

interface ServiceFacts {
  isWell: boolean;
  wellSince: number;
}

export interface Facts {
  /** Seconds since the start of the run, by a clock that never goes back. */
  now: number;
  /** Seconds since the epoch, by the clock of the gate. Operators can put it back. */
  wall: number;
  keys: {
    published: readonly string[];
    readonly removedAt: Map<string, number>;
    isWell: boolean;
    wellSince: number;
    fetches: number;
    lastFetch?: Fetch;
    lastGood?: Fetch;
  };
  hmac: { secret: number; readonly graces: Map<number, number> };
  introspection: {
    isWell: boolean;
    accepted: readonly number[];
    /** In the secret store. */
    stored: number;
    /** What the gate has read. */
    known: number;
    readonly tokens: Map<string, OpaqueFacts>;
  };
  redis: ServiceFacts;
  keyFile: ServiceFacts;
  apiKeys: { secret: number; readonly keys: Map<string, ApiKeyFacts> };
  denial: {
    isLoaded: boolean;
    /** Redis was well since the start of the gate, and no answer showed whether the list was read. */
    mayBeLoaded: boolean;
    readonly parties: Map<string, DenialFacts>;
  };
  /** When the calls of a caller came that were accepted. */
  readonly calls: Map<string, number[]>;
}

export const epoch = 1_800_000_000;

export function createFacts(firstKey: string): Facts {
  const well = { isWell: true, wellSince: Number.NEGATIVE_INFINITY };
  return {
    now: 0,
    wall: epoch,
    keys: { published: [firstKey], removedAt: new Map(), ...well, fetches: 0 },
    hmac: { secret: 0, graces: new Map() },
    introspection: { isWell: true, accepted: [0], stored: 0, known: 0, tokens: new Map() },
    redis: { ...well },
    keyFile: { ...well },
    apiKeys: { secret: 0, keys: new Map() },
    denial: { isLoaded: true, mayBeLoaded: false, parties: new Map() },
    calls: new Map(),
  };
}

/** A quota counts a subject through a client. */
export const callerName = ({ issuer, subject, client }: Caller): string =>
  JSON.stringify([issuer, subject, client]);

/** What the store of an API key is like for the gate. */
export const storeOf = ({ redis, keyFile }: Facts, store: KeyStoreName): ServiceFacts =>
  store === 'redis' ? redis : keyFile;

/** One party of a denial list. */
export interface Party {
  readonly issuer: string;
  readonly kind: 'subject' | 'client' | 'token';
  readonly id: string;
}

export const nameOf = ({ issuer, kind, id }: Party): string => `${kind} ${id} of ${issuer}`;

/** What the gate forgets when it starts anew. */
export function forget(facts: Facts): void {
  const { keys, hmac, introspection, apiKeys, denial, redis, calls } = facts;
  calls.clear();
  delete keys.lastFetch;
  delete keys.lastGood;
  hmac.graces.clear();
  introspection.known = introspection.stored;
  for (const token of introspection.tokens.values()) {
    delete token.activeAt;
    delete token.inactiveAt;
  }
  for (const key of apiKeys.keys.values()) {
    delete key.confirmedAt;
    delete key.wasRefused;
    delete key.wasForgotten;
  }
  // A gate that starts reads the list before its first request.
  denial.isLoaded = redis.isWell;
  denial.mayBeLoaded = false;
  if (!redis.isWell) return;
  for (const party of denial.parties.values()) party.possible = new Set([party.isDenied]);
}
