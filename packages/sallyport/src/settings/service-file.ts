/** The variables of a Cloud Run service or a Kubernetes workload, as `gcloud run services replace` takes it. */
import { parseDocument } from 'yaml';
import { UsageError } from '../usage-error.ts';
import type { SettingsSource } from './settings-source.ts';

interface EnvEntry {
  readonly name?: unknown;
  readonly value?: unknown;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name?: unknown; readonly key?: unknown };
  };
}

interface Container {
  readonly name?: unknown;
  readonly env?: readonly EnvEntry[];
  readonly ports?: readonly { readonly containerPort?: unknown }[];
}

interface Service {
  readonly apiVersion?: unknown;
  readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: unknown } } };
}

/**
 * Reads the variables of the container that has the gate: the first with a `FASTMCP_SERVER_AUTH_` variable, or the
 * first of all.
 *
 * @throws {UsageError} When the text is not such a file.
 */
export function readServiceFile(
  text: string,
  path: string,
): Pick<SettingsSource, 'variables' | 'hidden'> {
  const service = parse(text, path);
  const containers = service?.spec?.template?.spec?.containers;
  if (!Array.isArray(containers) || containers.length === 0) {
    throw new UsageError(
      `${path} has no spec.template.spec.containers. Name the file that "gcloud run services replace" takes.`,
    );
  }
  const all = containers as readonly Container[];
  const container = all.find(({ env }) => entriesOf(env).some(isOfGate)) ?? (all[0] as Container);
  const hidden = new Map<string, string>();
  const variables: Record<string, string> = signsOf(service ?? {});
  const port = container.ports?.[0]?.containerPort;
  if (port !== undefined) variables['PORT'] = String(port);
  for (const { name, value, valueFrom } of entriesOf(container.env)) {
    if (typeof name !== 'string') continue;
    if (valueFrom === undefined) variables[name] = value === undefined ? '' : String(value);
    else hidden.set(name, describeSecret(valueFrom.secretKeyRef));
  }
  return { variables, hidden };
}

function parse(text: string, path: string): Service | null {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    const [{ line } = { line: '?' }] = error.linePos ?? [];
    throw new UsageError(`${path} is not valid YAML: see line ${line}.`);
  }
  return document.toJS() as Service | null;
}

function entriesOf(env: unknown): readonly EnvEntry[] {
  return Array.isArray(env)
    ? env.filter((entry) => typeof entry === 'object' && entry !== null)
    : [];
}

function isOfGate({ name }: EnvEntry): boolean {
  return typeof name === 'string' && name.startsWith('FASTMCP_SERVER_AUTH_');
}

/** The platform sets these, so that it is production whatever the file says. */
function signsOf({ apiVersion }: Service): Record<string, string> {
  const isCloudRun = typeof apiVersion === 'string' && apiVersion.includes('knative');
  return isCloudRun ? { K_SERVICE: 'service' } : { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
}

function describeSecret(reference: { name?: unknown; key?: unknown } | undefined): string {
  if (typeof reference?.name !== 'string') return 'a value that only the platform knows';
  const { name, key } = reference;
  return `secret ${name}${key === undefined ? '' : `, version ${String(key)}`}`;
}
