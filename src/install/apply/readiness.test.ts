import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { definitionReadiness, deploymentReadiness } from './readiness.ts';

function deployment(generation: number, status: Readonly<Record<string, number>>): KubeObject {
  const metadata = { name: 'istiod', generation };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 2 }, status };
}

describe('deploymentReadiness', () => {
  const all = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  it.each([
    [all, undefined],
    [{ ...all, observedGeneration: 2 }, 'not looked at yet'],
    [{ ...all, updatedReplicas: 1 }, '1 of 2 replicas started'],
    [{ ...all, replicas: 3 }, '1 replicas of before still run'],
    [{ ...all, availableReplicas: 0 }, '0 of 2 replicas ready'],
    [{}, 'not looked at yet'],
  ])('%j', (status, why) => {
    expect(deploymentReadiness(deployment(3, status))).toEqual(why === undefined ? { ready: true } : { ready: false, why });
  });
});

describe('definitionReadiness', () => {
  const definition = (status: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'a' },
    status: { conditions: [{ type: 'Established', status }] },
  });

  it('waits until the kind is served', () => {
    expect(definitionReadiness(definition('True'))).toEqual({ ready: true });
    expect(definitionReadiness(definition('False'))).toEqual({ ready: false, why: 'not served yet' });
  });
});
