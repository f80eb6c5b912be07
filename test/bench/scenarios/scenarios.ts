import { connectCycles } from './connect-cycles.ts';
import { connectStorm } from './connect-storm.ts';
import { flappingEndpoint } from './flapping-endpoint.ts';
import { idleMesh } from './idle-mesh.ts';
import type { Scenario } from './scenario.ts';
import { slowCrowd, slowReader } from './slow-readers.ts';

/** All of them, in the order in which they run. */
export const scenarios: readonly Scenario[] = [slowReader, slowCrowd, connectStorm, flappingEndpoint, idleMesh, connectCycles];
