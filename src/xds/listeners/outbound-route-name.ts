import { virtualHostName } from '../names.ts';
import { type IpScope, wildcardAddresses } from './listener-addresses.ts';
import { listenerProtocol } from './listener-protocol.ts';
import type { OutboundListenerKey } from './outbound-listener-keys.ts';

/**
 * The route table that a listener asks for: `80`, shared by all that listen on the wildcard address or speak HTTP for sure;
 * `host:80` for a sniffed port on any other address, which has its listener to itself; the path of a Unix domain socket.
 */
export function outboundRouteName({ bind, port }: Pick<OutboundListenerKey, 'bind' | 'port'>, hostname: string, scope: IpScope): string {
  if (port.number === 0) return bind;
  const isSniffed = listenerProtocol(port.protocol) === 'auto' && bind !== wildcardAddresses(scope)[0];
  return isSniffed ? virtualHostName(hostname, port.number) : String(port.number);
}
