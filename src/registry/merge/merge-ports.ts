import type { ServicePort } from '../../model/service.ts';

/** Ports by number: those of the stronger registry as they are, new numbers after them, under a name that is not taken. */
export function mergePorts(strong: readonly ServicePort[], weak: readonly ServicePort[]): readonly ServicePort[] {
  const out = [...strong];
  for (const port of weak) {
    if (out.some((known) => known.number === port.number)) continue;
    const name = freeName(port, out);
    out.push(name === port.name ? port : { ...port, name });
  }
  return out;
}

function freeName({ name, number }: ServicePort, taken: readonly ServicePort[]): string {
  let free = name;
  while (taken.some((port) => port.name === free)) free = `${free}-${number}`;
  return free;
}

/** Two registries that call different protocols by one number. Whoever leaves it to sniffing disagrees with nobody. */
export interface ProtocolConflict {
  readonly strong: ServicePort;
  readonly weak: ServicePort;
}

export function protocolConflicts(strong: readonly ServicePort[], weak: readonly ServicePort[]): readonly ProtocolConflict[] {
  return weak.flatMap((port) => {
    const known = strong.find(({ number }) => number === port.number);
    if (!known || known.protocol === port.protocol || known.protocol === 'Auto' || port.protocol === 'Auto') return [];
    return [{ strong: known, weak: port }];
  });
}
