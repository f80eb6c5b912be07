import { type Protocol, parseProtocol } from '../../model/protocol.ts';
import type { InstanceFacts } from './service-facts.ts';

/** One port of an instance. `key` joins the ports of several instances; it is empty for the one port that has no name. */
export interface InstancePort {
  readonly key: string;
  /** 0 where it listens on a socket of the file system. */
  readonly number: number;
  readonly protocol: Protocol;
}

/** The ports of an instance, the default one first; none where it registers none. */
export function instancePorts(instance: InstanceFacts, byDefault: Protocol): readonly InstancePort[] {
  if (instance.ports.length > 0) {
    return instance.ports.map(({ name, port }, index) => ({
      key: name,
      number: port,
      protocol: protocolOf(instance, name, index === 0) ?? byDefault,
    }));
  }
  if (instance.port === 0 && instance.socketPath === '') return [];
  return [{ key: '', number: instance.socketPath === '' ? instance.port : 0, protocol: protocolOf(instance, '', true) ?? byDefault }];
}

/** Meta `protocol` or `appProtocol`, then the name of the port, then a tag. What is said of the instance is about its default port. */
function protocolOf(instance: InstanceFacts, portName: string, isDefault: boolean): Protocol | undefined {
  const byName = known(portName.split('-')[0]);
  if (!isDefault) return byName;
  const { meta, tags } = instance;
  const stated = tags.find((tag) => /^(app)?protocol[=|]/i.test(tag))?.replace(/^[^=|]*[=|]/, '');
  const bare = tags.map(known).find((protocol) => protocol !== undefined);
  return known(meta['protocol']) ?? known(meta['appProtocol']) ?? byName ?? known(stated) ?? bare;
}

function known(name: string | undefined): Protocol | undefined {
  const protocol = parseProtocol(name);
  return protocol === 'Auto' ? undefined : protocol;
}
