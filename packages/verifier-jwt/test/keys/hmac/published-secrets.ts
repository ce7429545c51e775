/** Secrets that stand in documentation, tutorials and default configurations, long enough for HS256. */
export const publishedSecrets: readonly string[] = [
  // The current and the former debugger of JWTs that everybody uses.
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-384-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  'your-256-bit-secret-your-256-bit-secret',
  // RFC 7515 appendix A.1, RFC 7517 appendix A.3, RFC 7520 §3.5
  'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
  'hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg',
  // The quick start that this project's variables come from
  'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0u1v2w3x4y5z6',
  // FastAPI's tutorial
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  // Supabase's local stack
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  // Tutorials for Spring Boot
  '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
  '5367566B59703373367639792F423F4528482B4D6251655468576D5A71347437',
  '3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b',
  '9a4f2c8d3b7a1e6f45c8a0b3f267d8b1d4e6f3c8a9d2b5f8e3a9c8b5f6v8a3d9',
  '357638792F423F4428472B4B6250655368566D597133743677397A2443264629',
  '413F4428472B4B6250655368566D5970337336763979244226452948404D6351',
  '======================BezKoder=Spring===========================',
  // Nacos
  'SecretKey012345678901234567890123456789012345678901234567890123456789',
  // Samples for .NET
  'db3OIsj+BXE9NZDy0t8W3TcNekrF+2d/1sFnWG4HnV8TZY30iTOdtVWJG8abWvB1GlOgJuQZdcF2Luqm/hccMw==',
  '401b09eab3c013d4ca54922bb802bec8fd5318192b0a75f201d8b3727429090fb337591abd3e44453b954555b7a0812e1081c39b740293f765eae731f5a65ed1',
  'GQDstcKsx0NHjPOuXOYg5MbeJ1XT0uFiwDVvVBrk',
  'THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET, IT CAN BE ANY STRING',
  'IxrAjDoa2FqElO7IhrSrUJELhUckePEPVpaePlS_Xaw',
  // Hasura, PostgREST, Superset, Directus, Gin, Nest and their like
  '3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R',
  'reallyreallyreallyreallyverysafe',
  'TEST_NON_DEV_SECRET_TEST_NON_DEV_SECRET',
  'CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET',
  'thisisasecretkeythatshouldbechanged',
  'this-is-a-very-long-secret-key-for-jwt-signing',
  'my-32-character-ultra-secure-and-ultra-long-secret',
  'my32charultrasecurekeynottouse!!',
  'secretsecretsecretsecretsecretsecret',
  'changemechangemechangemechangeme',
  'passwordpasswordpasswordpassword',
  'thisIsMySuperSecretKeyForJwtTokens',
  'your_jwt_secret_key_here_change_in_production',
  'dev-secret-key-change-in-production-1234567890',
  '0123456789abcdef0123456789abcdef',
  'abcdefghijklmnopqrstuvwxyz0123456789',
  '12345678901234567890123456789012',
  '00000000000000000000000000000000',
  'qwertyuiopasdfghjklzxcvbnm123456',
];
