/** The names of all metrics, for dashboards and alerts. They are public: renaming one is breaking. */

/**
 * As OpenTelemetry has them. The unit is in the name, because some exporters to Prometheus add it and
 * others do not: so dashboards find the same name everywhere.
 */
export const metricNames: {
  readonly decisions: 'sallyport.decisions';
  readonly verificationDuration: 'sallyport.verification.duration_seconds';
  readonly events: 'sallyport.events';
  readonly keySetAge: 'sallyport.key_set.age_seconds';
  readonly keySetTtl: 'sallyport.key_set.ttl_seconds';
  readonly secretAge: 'sallyport.secret.age_seconds';
  readonly limiterKeys: 'sallyport.limiter.keys';
  readonly quotaCallers: 'sallyport.quota.callers';
  readonly breakerOpen: 'sallyport.breaker.open';
  readonly cacheHitRatio: 'sallyport.cache.hit_ratio';
} = Object.freeze({
  decisions: 'sallyport.decisions',
  verificationDuration: 'sallyport.verification.duration_seconds',
  events: 'sallyport.events',
  keySetAge: 'sallyport.key_set.age_seconds',
  keySetTtl: 'sallyport.key_set.ttl_seconds',
  secretAge: 'sallyport.secret.age_seconds',
  limiterKeys: 'sallyport.limiter.keys',
  quotaCallers: 'sallyport.quota.callers',
  breakerOpen: 'sallyport.breaker.open',
  cacheHitRatio: 'sallyport.cache.hit_ratio',
});

/** Metrics that Cloud Logging counts from the lines of `createCloudLoggingSink`. */
export const logMetricNames: {
  readonly decisions: 'sallyport_decisions';
  readonly refusals: 'sallyport_refusals';
  readonly suppressed: 'sallyport_suppressed';
  readonly criticalEvents: 'sallyport_critical_events';
  readonly events: 'sallyport_events';
  readonly verificationDuration: 'sallyport_verification_duration';
} = Object.freeze({
  decisions: 'sallyport_decisions',
  refusals: 'sallyport_refusals',
  suppressed: 'sallyport_suppressed',
  criticalEvents: 'sallyport_critical_events',
  events: 'sallyport_events',
  verificationDuration: 'sallyport_verification_duration',
});

/** The labels of the metrics. Each has values from a closed list. */
export const labelNames: {
  readonly event: 'sallyport.event';
  readonly code: 'sallyport.code';
  readonly verifier: 'sallyport.verifier';
  readonly severity: 'sallyport.severity';
} = Object.freeze({
  event: 'sallyport.event',
  code: 'sallyport.code',
  verifier: 'sallyport.verifier',
  severity: 'sallyport.severity',
});
