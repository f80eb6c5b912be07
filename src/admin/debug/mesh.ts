import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import type { DebugContext } from './debug-context.ts';

/** `/debug/mesh`: the settings of the mesh that are in force, defaults and all, in the JSON form of Istio's MeshConfig. */
export function meshPage({ meshConfig }: DebugContext): HttpEndpoint {
  return { path: '/debug/mesh', help: 'The MeshConfig in force', answer: (query) => jsonAnswer(meshConfig.get(), query) };
}
