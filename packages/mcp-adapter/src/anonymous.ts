export type {
  AnonymousAccess,
  AnonymousAccessOptions,
} from './anonymous/anonymous-access.ts';
export { anonymousAccess } from './anonymous/anonymous-access.ts';
export type {
  SecurityScheme,
  SecuritySchemesOptions,
} from './anonymous/security-schemes.ts';
export { createSecuritySchemes } from './anonymous/security-schemes.ts';
