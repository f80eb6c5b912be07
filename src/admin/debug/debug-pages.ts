import type { HttpEndpoint } from '../http-endpoint.ts';
import { clusterz } from './clusterz.ts';
import { configDump, edsz } from './config-dump.ts';
import { configz } from './configz.ts';
import { adsz, connections } from './connections.ts';
import type { DebugContext } from './debug-context.ts';
import { debugIndex } from './debug-index.ts';
import { endpointPages } from './endpointz.ts';
import { explainPage } from './explain.ts';
import { issuesz } from './issuesz.ts';
import { meshPage } from './mesh.ts';
import { networkz } from './networkz.ts';
import { registryz } from './registryz.ts';
import { syncz } from './syncz.ts';
import { watchz } from './watchz.ts';

/** Everything under `/debug`, in the order of the list there. */
export function debugPages(context: DebugContext): readonly HttpEndpoint[] {
  const pages = [
    syncz(context),
    connections(context),
    adsz(context),
    configDump(context),
    edsz(context),
    configz(context),
    explainPage(context),
    issuesz(context),
    watchz(context),
    registryz(context),
    ...endpointPages(context),
    meshPage(context),
    networkz(context),
    clusterz(context),
  ];
  return [...debugIndex(pages), ...pages];
}
