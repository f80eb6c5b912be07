/** Which protocols configuration may name. */

import { type Protocol, parseProtocol } from '../../model/protocol.ts';

/** Whether a ServiceEntry, Gateway or Sidecar may name it; `Auto` is what an unknown text is read as. */
export function isKnownProtocol(text: string): boolean {
  const protocol: Protocol = parseProtocol(text);
  return protocol !== 'Auto' && protocol !== 'HBONE';
}
