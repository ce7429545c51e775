/** What a client asks for by `projects/…/secrets/…/versions/…`. */
export interface VersionName {
  readonly project: string;
  readonly secret: string;
  readonly version: string;
}

const secretName = /^projects\/([^/\s]+)\/secrets\/([A-Za-z0-9_-]{1,255})$/;
const versionName = /^(.+)\/versions\/(latest|[0-9]{1,19})$/;

/** `undefined` when the service would not understand it. */
export function parseSecretName(name: string): Omit<VersionName, 'version'> | undefined {
  const [, project, secret] = secretName.exec(name) ?? [];
  return project === undefined || secret === undefined ? undefined : { project, secret };
}

/** `undefined` when the service would not understand it. */
export function parseVersionName(name: string): VersionName | undefined {
  const [, parent = '', version] = versionName.exec(name) ?? [];
  const secret = parseSecretName(parent);
  return secret === undefined || version === undefined ? undefined : { ...secret, version };
}
