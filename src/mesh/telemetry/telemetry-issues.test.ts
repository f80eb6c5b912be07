import { expect, it } from 'vitest';
import { formatIssue } from '../../model/issue.ts';
import { telemetryIssues } from './telemetry-issues.ts';

const config = {
  extensionProviders: [
    { name: 'log', envoyFileAccessLog: {} },
    { name: 'zipkin', zipkin: { service: 'z', port: 1 } },
  ],
};

function issues(spec: object, find: (name: string) => string | undefined = () => undefined): readonly string[] {
  const object = { kind: 'Telemetry', apiVersion: '', namespace: 'n', name: 't', labels: {}, annotations: {}, createdAt: 0, spec };
  return telemetryIssues(object, config, find).map(formatIssue);
}

it('tells of providers that come to nothing, where they are named', () => {
  const warning = 'warning CXS0007 Telemetry/n/t';
  expect(issues({ accessLogging: [{ providers: [{ name: 'log' }, { name: 'lag' }] }] })).toEqual([
    `${warning} spec.accessLogging[0].providers[1].name: there is no extension provider "lag" (name one of extensionProviders of the MeshConfig)`,
  ]);
  expect(issues({ metrics: [{ providers: [{ name: 'log' }] }] })).toEqual([
    `${warning} spec.metrics[0].providers[0].name: the extension provider "log" is of no use for metrics (wanted is one of prometheus)`,
  ]);
  const traced = { tracing: [{ providers: [{ name: 'zipkin' }] }] };
  expect(issues(traced, () => 'z.com')).toEqual([]);
  expect(issues(traced)[0]).toContain('the service z of the extension provider "zipkin" cannot be found');
});
