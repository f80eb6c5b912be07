/** How virtual hosts are named that are sent by themselves: Envoy finds their table by what stands before the last slash (VHDS). */

export function virtualHostResource(table: string, virtualHost: string): string {
  return `${table}/${virtualHost}`;
}

/** The name of the table that a virtual host is for. */
export function tableOfVirtualHost(resource: string): string {
  return resource.slice(0, resource.lastIndexOf('/'));
}
