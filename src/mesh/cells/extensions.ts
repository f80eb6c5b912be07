import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { TrafficExtension } from '../../schema/traffic-extension/traffic-extension.ts';
import type { WasmPlugin } from '../../schema/wasm-plugin/wasm-plugin.ts';
import { selectExtensions } from '../extensions/select-extensions.ts';
import { extensionKey, extensionOf, extensionOfPlugin, type WorkloadExtension } from '../extensions/workload-extension.ts';
import type { PolicyWorkload } from '../policy-attachment.ts';
import type { MeshSettings } from '../settings.ts';
import { sameElements } from './same-elements.ts';

/** Which filters users add to a workload. */
export interface Extensions {
  /** Keys of those that hold, in the order of their filters, as one text; empty: none. */
  readonly select: (read: Read, workload: PolicyWorkload) => string;
  readonly resolved: (keys: string) => Cell<readonly WorkloadExtension[]>;
}

export interface ExtensionInputs {
  readonly trafficExtensions: MapCell<ConfigObject<TrafficExtension>>;
  readonly wasmPlugins: MapCell<ConfigObject<WasmPlugin>>;
  readonly settings: Cell<MeshSettings>;
}

export function extensions(engine: Engine, { trafficExtensions, wasmPlugins, settings }: ExtensionInputs): Extensions {
  const all = engine.overlay<WorkloadExtension>([
    engine.flatMap(trafficExtensions, (object) => keyed(extensionOf(object))),
    engine.flatMap(wasmPlugins, (object) => keyed(extensionOfPlugin(object))),
  ]);
  const byNamespace = engine.index(all, ({ namespace }) => [namespace]);
  const resolved = engine.family<readonly WorkloadExtension[]>(
    (keys, read) => (keys === '' ? [] : keys.split(',').flatMap((key) => read(all.at(key)) ?? [])),
    sameElements,
  );
  return {
    select: (read, workload) => {
      const { rootNamespace } = read(settings);
      const ofRoot = workload.namespace === rootNamespace ? [] : read(byNamespace.group(rootNamespace)).values();
      return selectExtensions(read(byNamespace.group(workload.namespace)).values(), ofRoot, workload)
        .map(extensionKey)
        .join(',');
    },
    resolved,
  };
}

function keyed(extension: WorkloadExtension | undefined): readonly (readonly [string, WorkloadExtension])[] {
  return extension === undefined ? [] : [[extensionKey(extension), extension]];
}
