import { expect, it } from 'vitest';
import { formatPath } from '../../model/issue.ts';
import { issuesOfFields } from './issues-of-fields.ts';

function warned(owner: string, value: unknown): string[] {
  return issuesOfFields(owner, value, ['spec']).map(({ path, message }) => `${formatPath(path ?? [])} ${message}`);
}

it('warns of each field that is set and changes nothing, where it stands', () => {
  const policy = { loadBalancer: { backendUtilization: { weightUpdatePeriod: '1s', weightExpirationPeriod: '2s' } } };
  const spec = {
    host: 'a',
    trafficPolicy: policy,
    subsets: [{ name: 'v1' }, { name: 'v2', trafficPolicy: { portLevelSettings: [policy] } }],
  };
  const message = 'has no effect, in Istio neither: load reports of backends are not weighed';
  expect(warned('DestinationRule', spec)).toEqual([
    `spec.trafficPolicy.loadBalancer.backendUtilization ${message}`,
    `spec.subsets[1].trafficPolicy.portLevelSettings[0].loadBalancer.backendUtilization ${message}`,
  ]);
});

it('warns once of a whole list or structure', () => {
  expect(
    warned('MeshConfig', { configSources: [{ address: 'a' }, { address: 'b' }], ca: { address: 'a', istiodSide: true } }),
  ).toHaveLength(3);
});

it('is silent about fields that do something, that others warn of, and that nobody wrote for a mesh', () => {
  expect(warned('DestinationRule', { trafficPolicy: { outlierDetection: { consecutiveErrors: 5, interval: '1s' } } })).toEqual([]);
  expect(warned('Service', { spec: { sessionAffinity: 'ClientIP' } })).toEqual([]);
  expect(warned('NoKind', {})).toEqual([]);
});
