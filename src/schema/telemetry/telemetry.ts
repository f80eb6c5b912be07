/** Telemetry: tracing, metrics and access logs of workloads. */

import { list, map, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, number, string } from '../field/scalars.ts';
import { selectorOrTargets } from '../parts/cel-rules.ts';
import { policyTargetReference } from '../parts/policy-target-reference.ts';
import { workloadSelector } from '../parts/workload-selector.ts';

const workloadMode = choice(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);

const tracingSelector = object({
  mode: workloadMode,
});
export type TracingSelector = Infer<typeof tracingSelector>;

const providerRef = object({
  name: string({ minLength: 1, required: true }),
});
export type ProviderRef = Infer<typeof providerRef>;

const literalTag = object({
  value: string({ minLength: 1, required: true }),
});
export type LiteralTag = Infer<typeof literalTag>;

const environmentTag = object({
  name: string({ minLength: 1, required: true }),
  defaultValue: string(),
});
export type EnvironmentTag = Infer<typeof environmentTag>;

const headerTag = object({
  name: string({ minLength: 1, required: true }),
  defaultValue: string(),
});
export type HeaderTag = Infer<typeof headerTag>;

const formatterTag = object({
  value: string({ minLength: 1, required: true }),
});
export type FormatterTag = Infer<typeof formatterTag>;

const customTag = object(
  {
    literal: literalTag,
    environment: environmentTag,
    header: headerTag,
    formatter: formatterTag,
  },
  { atMostOneOf: [['literal', 'environment', 'header', 'formatter']] },
);
export type CustomTag = Infer<typeof customTag>;

const telemetryTracing = object({
  match: tracingSelector,
  providers: list(providerRef),
  randomSamplingPercentage: number({ min: 0, max: 100 }),
  disableSpanReporting: bool(),
  customTags: map(customTag),
  useRequestIdForTraceSampling: bool(),
  enableIstioTags: bool(),
  disableContextPropagation: bool(),
});
export type TelemetryTracing = Infer<typeof telemetryTracing>;

const metricSelector = object(
  {
    metric: choice([
      'ALL_METRICS',
      'REQUEST_COUNT',
      'REQUEST_DURATION',
      'REQUEST_SIZE',
      'RESPONSE_SIZE',
      'TCP_OPENED_CONNECTIONS',
      'TCP_CLOSED_CONNECTIONS',
      'TCP_SENT_BYTES',
      'TCP_RECEIVED_BYTES',
      'GRPC_REQUEST_MESSAGES',
      'GRPC_RESPONSE_MESSAGES',
    ]),
    customMetric: string({ minLength: 1 }),
    mode: workloadMode,
  },
  { atMostOneOf: [['metric', 'customMetric']] },
);
export type MetricSelector = Infer<typeof metricSelector>;

const tagOverride = withRules(
  object({
    operation: choice(['UPSERT', 'REMOVE']),
    value: string(),
  }),
  [
    {
      rule: '!has(self.operation) || self.operation != "UPSERT" || (has(self.value) && self.value != "")',
      message: 'value must be set when operation is UPSERT',
    },
    {
      rule: '!has(self.operation) || self.operation != "REMOVE" || !has(self.value)',
      message: 'value must not be set when operation is REMOVE',
    },
  ],
);
export type TagOverride = Infer<typeof tagOverride>;

const metricsOverrides = object({
  match: metricSelector,
  disabled: bool(),
  tagOverrides: map(tagOverride),
});
export type MetricsOverrides = Infer<typeof metricsOverrides>;

const telemetryMetrics = object({
  providers: list(providerRef),
  overrides: list(metricsOverrides),
  reportingInterval: duration({ minMs: 1 }),
});
export type TelemetryMetrics = Infer<typeof telemetryMetrics>;

const logSelector = object({
  mode: workloadMode,
});
export type LogSelector = Infer<typeof logSelector>;

const logFilter = object({
  expression: string(),
});
export type LogFilter = Infer<typeof logFilter>;

const telemetryAccessLogging = object({
  match: logSelector,
  providers: list(providerRef),
  disabled: bool(),
  filter: logFilter,
});
export type TelemetryAccessLogging = Infer<typeof telemetryAccessLogging>;

export const telemetry = withRules(
  object({
    selector: workloadSelector,
    targetRef: policyTargetReference,
    targetRefs: list(policyTargetReference, { maxItems: 16 }),
    tracing: list(telemetryTracing),
    metrics: list(telemetryMetrics),
    accessLogging: list(telemetryAccessLogging),
  }),
  [selectorOrTargets],
);
export type Telemetry = Infer<typeof telemetry>;
