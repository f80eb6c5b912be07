import { expect, it } from 'vitest';
import { toStruct } from '../../lib/struct.ts';
import { parseNode } from './parse-node.ts';

function parsed(namespace: string, dnsDomain = 'shop.svc.cluster.local') {
  return parseNode({ id: `sidecar~10.0.0.1~web.shop~${dnsDomain}`, metadata: toStruct({ NAMESPACE: namespace }) });
}

it('takes the namespace of the metadata, else that of the DNS domain', () => {
  expect(parsed('pay')).toMatchObject({ namespace: 'pay' });
  expect(parsed('')).toMatchObject({ namespace: 'shop' });
});

it.each(['a/b', 'a|b', 'a~b', 'a b'])('refuses the namespace "%s": keys are made of namespaces', (namespace) => {
  expect(parsed(namespace)).toEqual({ refused: expect.stringContaining(`invalid namespace "${namespace}"`) });
});
