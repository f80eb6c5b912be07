import { expect, test } from 'vitest';
import { anObject } from '../registry-fixture.ts';
import { podWorkloadName } from './pod-workload-name.ts';

test.each([
  ['without owner', {}, 'p'],
  ['its label', { labels: { 'service.istio.io/workload-name': 'x' } }, 'x'],
  ['an owner, but a name of its own', { owner: { kind: 'ReplicaSet', name: 'web-1' } }, 'p'],
  ['Deployment', { generateName: 'w-', owner: { kind: 'ReplicaSet', name: 'web-a1' }, labels: { 'pod-template-hash': 'a1' } }, 'web'],
  ['Rollout', { generateName: 'w-', owner: { kind: 'ReplicaSet', name: 'web-a1' }, labels: { 'rollouts-pod-template-hash': 'a1' } }, 'web'],
  ['ReplicaSet', { generateName: 'w-', owner: { kind: 'ReplicaSet', name: 'web-a1' } }, 'web-a1'],
  [
    'DeploymentConfig',
    { generateName: 'w-', owner: { kind: 'ReplicationController', name: 'web-3' }, labels: { deploymentconfig: 'web' } },
    'web',
  ],
  ['CronJob', { generateName: 'w-', owner: { kind: 'Job', name: 'tick-28345678' } }, 'tick'],
  ['Job', { generateName: 'w-', owner: { kind: 'Job', name: 'once-1' } }, 'once-1'],
  ['StatefulSet', { generateName: 'db-', owner: { kind: 'StatefulSet', name: 'db' } }, 'db'],
])('%s', (_, metadata, expected) => {
  expect(podWorkloadName(anObject('Pod', 'p', {}, metadata))).toBe(expected);
});
