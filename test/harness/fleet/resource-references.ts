import { eachField, valuesAt } from './protobuf-wire.ts';

const edsDiscovery = 3;
const httpConnectionManager = Buffer.from('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager');

/** The name under which a Cluster asks for its endpoints; undefined where it does not ask for them. */
export function endpointsOfCluster(name: string, cluster: Buffer): string | undefined {
  let asks = false;
  let serviceName = '';
  eachField(cluster, (field, value) => {
    if (field === 2) asks = value === edsDiscovery;
    if (field === 3 && typeof value !== 'number') serviceName = valuesAt(value, [[2]])[0]?.toString() ?? '';
  });
  return asks ? serviceName || name : undefined;
}

/** The route configurations that the HTTP filter chains of a Listener name. */
export function routesOfListener(listener: Buffer): readonly string[] {
  const filters = valuesAt(listener, [[3, 25], [3], [4]]).filter((filter) => filter.includes(httpConnectionManager));
  return filters.flatMap((filter) => valuesAt(filter, [[2], [3], [2]])).map(String);
}

/** Whether a RouteConfiguration says that its virtual hosts come one by one (`vhds`). */
export function leavesHostsToVhds(routeConfiguration: Buffer): boolean {
  let does = false;
  eachField(routeConfiguration, (field) => {
    does ||= field === 9;
  });
  return does;
}
