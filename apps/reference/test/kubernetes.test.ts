/** The manifests of deploy/kubernetes: the published schema, the settings, and what keeps the pod small. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createGateFromConfig, loadConfig } from '@sallyport/config';
import { validate as validateDeployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment';
import { validate as validateConfigMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap';
import { validate as validateNamespace } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace';
import { validate as validateService } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service';
import { validate as validateServiceAccount } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount';
import { validate as validateNetworkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy';
import { validate as validateDisruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { toolScopes } from '../src/notes/tool-scopes.ts';
import { readReference, type Variables } from './deployment.ts';
import { findUnread, watchReads } from './watched-reads.ts';

type Validate = ((value: unknown) => boolean) & { errors?: unknown };

const validators: Readonly<Record<string, Validate>> = {
  'apps/v1 Deployment': validateDeployment,
  'v1 ConfigMap': validateConfigMap,
  'v1 Namespace': validateNamespace,
  'v1 Service': validateService,
  'v1 ServiceAccount': validateServiceAccount,
  'networking.k8s.io/v1 NetworkPolicy': validateNetworkPolicy,
  'policy/v1 PodDisruptionBudget': validateDisruptionBudget,
};

const files = readdirSync(new URL('../deploy/kubernetes', import.meta.url));
const read = (file: string) => parse(readReference(`deploy/kubernetes/${file}`));

/** Problems of a manifest. The schema allows unknown fields, so a field that its validator never reads is one. */
function findProblems(manifest: { apiVersion: string; kind: string }): unknown {
  const validate = validators[`${manifest.apiVersion} ${manifest.kind}`];
  if (validate === undefined) return `no schema for ${manifest.apiVersion} ${manifest.kind}`;
  const watched = watchReads(manifest);
  return validate(watched.value) ? findUnread(watched) : validate.errors;
}

describe('manifests for Kubernetes', () => {
  it.each(files)('%s follows the published schema, in the namespace notes', (file) => {
    const manifest = read(file);

    expect(findProblems(manifest)).toEqual([]);
    expect(manifest.kind === 'Namespace' ? 'notes' : manifest.metadata.namespace).toBe('notes');
  });

  it.each([
    ['a misspelt field', { livenesProbe: {} }, ['/spec/template/spec/containers/0/livenesProbe']],
    ['a wrong quantity', { resources: { limits: { memory: '12Q' } } }, expect.any(Array)],
    ['a number in place of text', { image: 1 }, expect.any(Array)],
  ])('are compared with it: %s is found', (_what, change, problems) => {
    const manifest = read('deployment.yaml');
    Object.assign(manifest.spec.template.spec.containers[0], change);

    expect(findProblems(manifest)).not.toEqual([]);
    expect(findProblems(manifest)).toEqual(problems);
  });

  it('have settings that the server starts with, and a session secret in a file (RL-01)', async () => {
    const { spec } = read('deployment.yaml').spec.template;
    const variables: Variables = read('settings.yaml').data;
    const directory = mkdtempSync(`${tmpdir()}/sallyport-secrets-`);
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(`${directory}/session-secret`, 'rT8vN2xQ5kJ7yB3mZ6cD9fH1gL4pSaWe0uXiRoVbMqEw');
    chmodSync(`${directory}/session-secret`, spec.volumes[0].secret.defaultMode);
    const config = await loadConfig(
      { ...variables, FASTMCP_SERVER_AUTH_SECRET_DIRECTORY: directory },
      { nodeArguments: [] },
    );
    const gate = await createGateFromConfig(config, {
      tools: toolScopes,
      audit: { emit: () => {} },
    });
    onTestFinished(() => gate.close());

    expect(config.warnings).toEqual([]);
    expect(config.environment.isProduction).toBe(true);
    expect(config.port).toBe(spec.containers[0].ports[0].containerPort);
    expect(spec.containers[0].volumeMounts[0].mountPath).toBe(
      variables['FASTMCP_SERVER_AUTH_SECRET_DIRECTORY'],
    );
    expect(JSON.parse(readReference('package.json')).dependencies).toHaveProperty([
      '@sallyport/secrets-file',
    ]);
  });

  it('leave time for the end: grace, requests under way and telemetry', () => {
    const { terminationGracePeriodSeconds } = read('deployment.yaml').spec.template.spec;
    const grace = Number(read('settings.yaml').data.SHUTDOWN_GRACE_SECONDS);

    expect(grace).toBeGreaterThan(0);
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(grace + 10);
  });

  it('restrict the pod: no root, no capability, nothing to write, no token of Kubernetes', () => {
    const { spec } = read('deployment.yaml').spec.template;
    const [container] = spec.containers;

    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const probe of ['startupProbe', 'readinessProbe']) {
      expect(container[probe].httpGet).toEqual({ path: '/health', port: 'http' });
    }
    // It answers during a grace period, where /health is 503: a restart would cut the requests.
    expect(container.livenessProbe.httpGet).toEqual({
      path: '/.well-known/oauth-protected-resource',
      port: 'http',
    });
  });

  it('close the metadata service and private networks, and select the pod by one label', () => {
    const { egress, podSelector } = read('network-policy.yaml').spec;
    const [ipv4, ipv6] = egress[1].to.map(({ ipBlock }: { ipBlock: object }) => ipBlock);

    expect(ipv4.except).toEqual(expect.arrayContaining(['169.254.0.0/16', '10.0.0.0/8']));
    expect(ipv6.except).toContain('fc00::/7');
    const { labels } = read('deployment.yaml').spec.template.metadata;
    expect(podSelector.matchLabels).toEqual(labels);
    expect(read('service.yaml').spec.selector).toEqual(labels);
    expect(read('disruption-budget.yaml').spec.selector.matchLabels).toEqual(labels);
  });
});
