import type { Cell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { type OwnProxySettings, scopeKey } from '../scope.ts';
import type { MeshSettings } from '../settings.ts';

/** The settings of the mesh as they hold for proxies that bring some of `defaultConfig` themselves; one value for equal ones. */
export function ownSettings(engine: Engine, settings: Cell<MeshSettings>): (own: OwnProxySettings | undefined) => Cell<MeshSettings> {
  const family = engine.family<MeshSettings>((key, read) => {
    const ofMesh = read(settings);
    const { connectionSettings: _c, gatewayTopology: _g, proxyHeaders: _p, tracing: _t, ...others } = ofMesh.config.defaultConfig ?? {};
    const own = JSON.parse(key) as OwnProxySettings;
    return { ...ofMesh, config: { ...ofMesh.config, defaultConfig: { ...others, ...own } } };
  });
  return (own) => (own === undefined ? settings : family(scopeKey(own)));
}
