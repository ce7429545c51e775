/** Exported functions that are no factories, and why the walk leaves them out. */
const ofRequest =
  'judges what a request or a token brings: bad input is refused, not misconfigured';
const ofDeveloper = 'part of how factories are written';
const takesText = 'tells whether a text is one of a list';
const testTool = 'acts for a test, whose error fails the test';

export const notFactories: Readonly<Record<string, string>> = {
  'client-authentication isClientRefused': ofRequest,
  'config writeStartUpReport': 'formats a Config',
  'core AuthError': 'a class',
  'core ConfigError': 'a class',
  'core Secret': 'a class',
  'core assertChecked': ofRequest,
  'core assertScopes': ofDeveloper,
  'core checkArgument': ofDeveloper,
  'core checkOptions': ofDeveloper,
  'core extractBearer': ofRequest,
  'core extractCredentials': ofRequest,
  'core isAuthError': ofRequest,
  'core isEmptyClaim': ofRequest,
  'core isSameConfirmation': ofRequest,
  'core judgeTimes': ofRequest,
  'core readAudience': ofRequest,
  'core readConfirmation': ofRequest,
  'core readIdentifier': ofRequest,
  'core readScopes': ofRequest,
  'core readTraceContext': ofRequest,
  'core takeOtherClaims': ofRequest,
  'core widerNetworkOf': ofRequest,
  'core writeChallenge': ofRequest,
  'guarded-fetch findJsonFault': ofRequest,
  'guarded-fetch judgeAddress': ofRequest,
  'guarded-fetch parseEndpoint': ofDeveloper,
  'mcp-adapter callerKey': ofRequest,
  'mcp-adapter clientAddress': ofRequest,
  'mcp-adapter createStateHandle': 'takes nothing',
  'mcp-adapter toAuthInfo': ofRequest,
  'telemetry safeText': ofRequest,
  'testing authorizeHeadlessly': testTool,
  'testing createCookieJar': 'takes nothing',
  'testing mintToken': testTool,
  'token-exchange TokenExchangeError': 'a class',
  'verifier-introspection introspectionProviders.auth0': 'takes nothing, and always throws',
  'verifier-jwt isAsymmetricAlgorithm': takesText,
  'verifier-jwt isHmacAlgorithm': takesText,
  'verifier-jwt isLeak': 'judges an event',
  'verifier-jwt verifyJws': ofRequest,
};
