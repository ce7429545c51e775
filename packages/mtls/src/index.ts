export type { CertificateFormat } from './certificate-field.ts';
export type { MtlsConstraintOptions } from './mtls-constraint.ts';
export { createMtlsConstraint } from './mtls-constraint.ts';
