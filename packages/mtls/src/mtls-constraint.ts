/** Certificate-bound access tokens (RFC 8705 §3), at a resource server behind a proxy. */
import { timingSafeEqual } from 'node:crypto';
import {
  AuthError,
  type Checks,
  ConfigError,
  check,
  checkOptions,
  type ProofRequest,
  type SenderConstraint,
} from '@sallyport/core';
import {
  type CertificateFormat,
  isCertificateFormat,
  readThumbprint,
} from './certificate-field.ts';

/** Options for {@link createMtlsConstraint}. */
export interface MtlsConstraintOptions {
  /** The header in which the proxy says which certificate the client has shown. */
  readonly header: string;
  /** How the certificate is written there. */
  readonly format: CertificateFormat;
  /**
   * Says that the proxy removes a header of this name that a client sends, also where the client shows
   * no certificate, and that nobody can reach this server around the proxy. Without both, everybody
   * has every certificate: those are no secrets.
   */
  readonly proxyReplacesHeader: true;
  /** Refuses every token that is not bound to a certificate. Default false. */
  readonly required?: boolean;
}

const longestField = 32_768;

const optionChecks: Checks<MtlsConstraintOptions> = {
  header: check.text,
  format: check.text,
  proxyReplacesHeader: check.flag,
  required: check.optional(check.flag),
};

/**
 * Has every token that is bound to a certificate (`cnf` with `x5t#S256`) come over a connection on which
 * the client has shown that certificate, as the proxy in front says.
 *
 * Whether the certificate is valid or known does not matter (RFC 8705 §3): the authorization server
 * has bound the token to it, and the handshake has proven who holds its key.
 *
 * @example
 * ```ts
 * const mtls = createMtlsConstraint({
 *   header: 'Client-Cert',
 *   format: 'rfc9440',
 *   proxyReplacesHeader: true,
 * });
 * ```
 * @throws {ConfigError} When an option is missing or none that there is.
 */
export function createMtlsConstraint(given: MtlsConstraintOptions): SenderConstraint {
  const options = checkOptions('mtls', given, optionChecks);
  const { format, required = false } = options;
  if (!/^[A-Za-z0-9-]+$/.test(options.header ?? '')) {
    throw new ConfigError('mtls.header', 'must be the name of a header');
  }
  if (!isCertificateFormat(format)) {
    throw new ConfigError('mtls.format', 'must be rfc9440, escaped-pem, base64-der or xfcc');
  }
  if (options.proxyReplacesHeader !== true) {
    throw new ConfigError(
      'mtls.proxyReplacesHeader',
      'must be true, and the proxy must replace the header that clients send: else anybody can claim any certificate',
    );
  }
  const header = options.header.toLowerCase();

  return {
    method: 'x5t#S256',
    scheme: 'Bearer',
    required,
    algorithms: [],

    async confirm({ thumbprint }, request) {
      const shown = readShown(request, header, format);
      const bound = Buffer.from(thumbprint, 'base64url');
      if (shown.length !== bound.length || !timingSafeEqual(shown, bound)) {
        refuse('another client certificate');
      }
      return {};
    },
  };
}

function readShown(request: ProofRequest, header: string, format: CertificateFormat): Buffer {
  const [field, second] = request.field(header);
  if (field === undefined || field === '') refuse('no client certificate');
  // One of the two is the client's own word.
  if (second !== undefined) refuse('several client certificates');
  const shown = field.length > longestField ? undefined : readThumbprint(field, format);
  return shown ?? refuse('malformed client certificate');
}

function refuse(detail: string): never {
  throw new AuthError('token_sender_constrained', { detail });
}
