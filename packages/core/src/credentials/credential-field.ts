/** Where a request carries its token. The gate hides this field from the handler, as it hides `Authorization`. */
export interface CredentialField {
  /** The field whose whole value is the token, in lower case, such as `x-api-key`. */
  readonly field: string;
  /**
   * What `Authorization` means beside it. With `either`, the token comes in one of the two, and a request with both
   * is 400. With `ignored`, only {@link field} counts, and the gate hides `Authorization` without reading it.
   */
  readonly authorization: 'either' | 'ignored';
  /** More fields to hide from the handler, in lower case. A name that ends in `-` hides all that begin with it. */
  readonly hides?: readonly string[];
  /**
   * Whether browsers send the credential without being asked, such as a cookie that a proxy turns into
   * {@link field}. The gate then refuses requests from other sites, and a POST without `application/json`.
   * Default false.
   */
  readonly ambient?: boolean;
}
