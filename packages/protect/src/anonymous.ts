export type {
  AnonymousAccess,
  AnonymousAccessOptions,
  SecurityScheme,
  SecuritySchemesOptions,
} from '@sallyport/mcp-adapter/anonymous';
export { anonymousAccess, createSecuritySchemes } from '@sallyport/mcp-adapter/anonymous';
