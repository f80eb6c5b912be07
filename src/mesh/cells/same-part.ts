import type { Service } from '../../model/service.ts';
import { sameElements } from './same-elements.ts';

/** Whether two are the same part of the same service: a part of its ports is cut out anew whenever imports are worked out. */
export function samePart(a: Service, b: Service): boolean {
  if (a === b) return true;
  const { ports: portsOfA, ...restOfA } = a;
  const { ports: portsOfB, ...restOfB } = b;
  const fields = Object.keys(restOfA) as (keyof typeof restOfA)[];
  return (
    fields.length === Object.keys(restOfB).length &&
    fields.every((field) => Object.is(restOfA[field], restOfB[field])) &&
    sameElements(portsOfA, portsOfB)
  );
}
