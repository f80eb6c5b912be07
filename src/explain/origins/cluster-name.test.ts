import { expect, it } from 'vitest';
import { inboundClusterName, outboundClusterName, sniName } from '../../xds/names.ts';
import { parseClusterName } from './cluster-name.ts';

it('reads the names that clusters are given', () => {
  const reviews = { direction: 'outbound', port: 80, subset: 'v1', hostname: 'reviews.default.svc.cluster.local' };
  expect(parseClusterName(outboundClusterName(80, 'v1', reviews.hostname))).toEqual(reviews);
  expect(parseClusterName(sniName(80, 'v1', reviews.hostname))).toEqual(reviews);
  expect(parseClusterName(outboundClusterName(80, '', reviews.hostname))).toEqual({ ...reviews, subset: '' });
  expect(parseClusterName(inboundClusterName(8080))).toEqual({ direction: 'inbound', port: 8080, subset: '', hostname: '' });
  expect(['PassthroughCluster', 'BlackHoleCluster', ''].map(parseClusterName)).toEqual([undefined, undefined, undefined]);
});
