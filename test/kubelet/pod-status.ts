import type { ManagedContainer } from './managed-container.ts';
import type { PodPlace } from './pod-fields.ts';

export interface PodCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly lastTransitionTime: string;
}

export interface PodView {
  readonly init: readonly ManagedContainer[];
  readonly containers: readonly ManagedContainer[];
  readonly place: PodPlace | undefined;
  readonly startTime: string;
  readonly isInitialized: boolean;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  /** As reported before: the times of what has not changed are kept. */
  readonly before: readonly PodCondition[];
  /** Why nothing runs yet. */
  readonly message: string | undefined;
}

/** The status of a pod as the API server, the EndpointSlice controller and people read it. */
export function podStatusOf(view: PodView): { readonly conditions: readonly PodCondition[] } & Readonly<Record<string, unknown>> {
  const { init, containers, place, startTime, phase, message } = view;
  const sidecars = init.filter(({ spec }) => spec.restartPolicy === 'Always');
  const isReady = view.isInitialized && [...containers, ...sidecars].every((container) => container.isReady);
  const states = {
    PodReadyToStartContainers: place !== undefined,
    Initialized: view.isInitialized,
    Ready: isReady,
    ContainersReady: isReady,
    PodScheduled: true,
  };
  return {
    phase,
    startTime,
    message: message ?? null,
    ...(place && { hostIP: place.hostIP, hostIPs: [{ ip: place.hostIP }], podIP: place.podIP, podIPs: [{ ip: place.podIP }] }),
    conditions: Object.entries(states).map(([type, isTrue]) => conditionOf(type, isTrue, view.before)),
    initContainerStatuses: init.map(containerStatusOf),
    containerStatuses: containers.map(containerStatusOf),
  };
}

function conditionOf(type: string, isTrue: boolean, before: readonly PodCondition[]): PodCondition {
  const status = isTrue ? 'True' : 'False';
  const same = before.find((condition) => condition.type === type && condition.status === status);
  return same ?? { type, status, lastTransitionTime: new Date().toISOString() };
}

function containerStatusOf({ spec, state, lastState, restarts, isReady, isStarted, pid }: ManagedContainer): object {
  return {
    name: spec.name,
    image: spec.image,
    imageID: spec.image,
    containerID: pid === undefined ? '' : `process://${pid}`,
    state,
    lastState: lastState ?? {},
    restartCount: Math.max(0, restarts),
    ready: isReady,
    started: isStarted,
  };
}
