import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type ProxyFeatures, scopeKey } from '../../mesh/scope.ts';
import { extensionConfig } from '../extensions/extension-config.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

interface ExtensionScope {
  readonly extensions: string;
  readonly features: ProxyFeatures;
}

/** Filters that listeners ask for by name; proxies for which the same extensions hold share them. */
export function extensionViews(mesh: Mesh, encoder: ResourceEncoder): (scopes: ProxyScopes) => MapCell<EncodedResource> {
  const views = mesh.engine.mapFamily((key) => {
    const { extensions, features } = JSON.parse(key) as ExtensionScope;
    return encodeAll(mesh, (read) =>
      read(mesh.extensions.resolved(extensions)).flatMap((extension) => {
        const config = extensionConfig(extension, features);
        return config === undefined ? [] : [encoder.encode(typeUrls.ECDS, config.name, config)];
      }),
    );
  });
  return ({ outbound, inbound, gateway }) => {
    const observed = (gateway ?? inbound).observed;
    return views(scopeKey({ extensions: observed?.extensions ?? '', features: outbound.features }));
  };
}
