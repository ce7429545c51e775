/** What is running, for whoever looks at metrics and spans. */
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import type { Variables } from '../development/local-sign-in.ts';

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` come before what is known otherwise. */
export function describeProgram({ K_SERVICE: service, K_REVISION: revision }: Variables): Resource {
  const own = resourceFromAttributes({
    'service.name': service ?? 'sallyport-reference',
    ...(revision !== undefined && { 'service.version': revision }),
    ...(service !== undefined && {
      'cloud.provider': 'gcp',
      'cloud.platform': 'gcp_cloud_run',
      'faas.name': service,
      ...(revision !== undefined && { 'faas.version': revision }),
    }),
  });
  // Without an instance of its own, the series of two instances would be one, and wrong.
  const detected = detectResources({ detectors: [serviceInstanceIdDetector, envDetector] });
  return defaultResource().merge(own).merge(detected);
}
