/**
 * The shape of a service that `gcloud run services replace` takes: the members that Cloud Run documents as supported
 * (https://cloud.google.com/run/docs/reference/yaml/v1), with their bounds.
 */
import { z } from 'zod';

const text = z.string().min(1);
// Kubernetes takes strings there. YAML turns `1` and `true` without quotation marks into something else.
const annotations = (names: readonly [string, ...string[]]) => z.partialRecord(z.enum(names), text);
const dnsLabel = z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);

const probe = z
  .strictObject({
    httpGet: z
      .strictObject({
        path: z.string().startsWith('/'),
        port: z.int().optional(),
        httpHeaders: z.array(z.strictObject({ name: text, value: text })).optional(),
      })
      .optional(),
    tcpSocket: z.strictObject({ port: z.int().optional() }).optional(),
    grpc: z.strictObject({ port: z.int().optional(), service: text.optional() }).optional(),
    initialDelaySeconds: z.int().min(0).max(240).optional(),
    timeoutSeconds: z.int().min(1).max(3_600).optional(),
    periodSeconds: z.int().min(1).max(3_600).optional(),
    failureThreshold: z.int().min(1).optional(),
  })
  .refine(({ timeoutSeconds = 1, periodSeconds = 10 }) => timeoutSeconds <= periodSeconds)
  .refine(
    ({ httpGet, tcpSocket, grpc }) => [httpGet, tcpSocket, grpc].filter(Boolean).length === 1,
  );

// A container has this long to start.
const startupProbe = probe.refine(
  ({ initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 }) =>
    periodSeconds <= 240 && initialDelaySeconds + periodSeconds * failureThreshold <= 240,
);

const container = z.strictObject({
  name: dnsLabel.optional(),
  image: z
    .string()
    .regex(/^[a-z0-9.-]+-docker\.pkg\.dev\/[a-z0-9-]+\/[a-z0-9-]+\/[a-z0-9-]+:[\w.-]+$/),
  command: z.array(text).optional(),
  args: z.array(text).optional(),
  // Cloud Run sets PORT and the names with K_ itself, and refuses a service that sets them.
  env: z
    .array(
      z.union([
        z.strictObject({ name: z.string().regex(/^(?!PORT$|K_)\w+$/), value: z.string() }),
        z.strictObject({
          name: z.string().regex(/^(?!PORT$|K_)\w+$/),
          valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name: text, key: text }) }),
        }),
      ]),
    )
    .refine((env) => new Set(env.map(({ name }) => name)).size === env.length)
    .optional(),
  ports: z
    .array(
      z.strictObject({
        name: z.enum(['http1', 'h2c']).optional(),
        containerPort: z.int().min(1).max(65_535),
      }),
    )
    .length(1)
    .optional(),
  resources: z
    .strictObject({
      limits: z.strictObject({
        cpu: z.string().regex(/^(\d+m|0\.\d+|[12468])$/),
        memory: z.string().regex(/^\d+(Mi|Gi)$/),
      }),
    })
    .optional(),
  startupProbe: startupProbe.optional(),
  // Cloud Run has TCP probes for the start only.
  livenessProbe: probe.refine(({ tcpSocket }) => tcpSocket === undefined).optional(),
  volumeMounts: z.array(z.strictObject({ name: text, mountPath: text })).optional(),
  workingDir: text.optional(),
});

type Container = z.infer<typeof container>;

const dependencies = z
  .string()
  .transform((json): unknown => JSON.parse(json))
  .pipe(z.record(text, z.array(text)));

const template = z
  .strictObject({
    metadata: z.strictObject({
      annotations: annotations([
        'autoscaling.knative.dev/minScale',
        'autoscaling.knative.dev/maxScale',
        'run.googleapis.com/cpu-throttling',
        'run.googleapis.com/startup-cpu-boost',
        'run.googleapis.com/sessionAffinity',
        'run.googleapis.com/execution-environment',
        'run.googleapis.com/network-interfaces',
        'run.googleapis.com/vpc-access-egress',
        'run.googleapis.com/container-dependencies',
      ]),
    }),
    spec: z.strictObject({
      containerConcurrency: z.int().min(1).max(1_000),
      timeoutSeconds: z.int().min(1).max(3_600),
      serviceAccountName: z.email(),
      containers: z.array(container).min(1).max(10),
    }),
  })
  .superRefine(({ metadata, spec: { containers } }, context) => {
    const problem = (message: string) => context.addIssue({ code: 'custom', message });
    if (containers.filter(({ ports }) => ports !== undefined).length !== 1) {
      problem('exactly one container has a port: requests go there');
    }
    if (containers.length > 1 && containers.some(({ name }) => name === undefined)) {
      problem('every container has a name');
    }
    for (const each of containers) {
      if (each.ports === undefined && probesOf(each).some((port) => port === undefined)) {
        problem('a probe of a sidecar names its port');
      }
    }
    const said = metadata.annotations['run.googleapis.com/container-dependencies'];
    for (const [name, others] of Object.entries(
      said === undefined ? {} : dependencies.parse(said),
    )) {
      const find = (wanted: string) => containers.find((each) => each.name === wanted);
      if (find(name) === undefined) problem(`there is no container ${name}`);
      for (const other of others) {
        if (find(other)?.startupProbe === undefined) problem(`${other} has no startup probe`);
      }
    }
  });

function probesOf({ startupProbe: first, livenessProbe: later }: Container) {
  return [first, later].flatMap((each) =>
    each === undefined ? [] : [(each.httpGet ?? each.tcpSocket ?? each.grpc)?.port],
  );
}

/** A service as Cloud Run takes it. */
export const cloudRunService = z.strictObject({
  apiVersion: z.literal('serving.knative.dev/v1'),
  kind: z.literal('Service'),
  metadata: z.strictObject({
    name: dnsLabel,
    annotations: annotations([
      'run.googleapis.com/ingress',
      'run.googleapis.com/invoker-iam-disabled',
      'run.googleapis.com/description',
      'run.googleapis.com/launch-stage',
      'run.googleapis.com/binary-authorization',
      'run.googleapis.com/custom-audiences',
      'run.googleapis.com/minScale',
      'run.googleapis.com/maxScale',
    ]),
  }),
  spec: z.strictObject({ template }),
});

export type CloudRunService = z.infer<typeof cloudRunService>;
