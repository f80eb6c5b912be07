import { expect, it } from 'vitest';
import { shortTypeName, typeUrlOf, typeUrls } from './type-urls.ts';

it('names types shortly', () => {
  expect(shortTypeName(typeUrls.CDS)).toBe('CDS');
  expect(shortTypeName(typeUrlOf('envoy.config.cluster.v3.Cluster'))).toBe('CDS');
  expect(shortTypeName('type.googleapis.com/acme.v1.Thing')).toBe('Thing');
  expect(shortTypeName('bare')).toBe('bare');
});
