import { ingressSuite } from './ingress/ingress-suite.ts';
import { samplesSuite } from './samples/samples-suite.ts';
import { simulationSuite } from './simulation/simulation-suite.ts';
import type { Suite } from './suite.ts';
import { validationSuite } from './validation/validation-suite.ts';

/** Every suite of Istio's that we answer, but for the one that needs an API server. */
export const suites: readonly Suite[] = [simulationSuite, ingressSuite, validationSuite, samplesSuite];
