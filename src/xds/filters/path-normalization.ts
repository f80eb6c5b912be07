import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';

/** MeshConfig.pathNormalization: paths are compared with policies as routes and the application will read them. */
export function pathNormalizationFields(config: MeshConfig): HttpConnectionManager {
  switch (config.pathNormalization?.normalization ?? 'DEFAULT') {
    case 'NONE':
      return { normalize_path: { value: false }, path_with_escaped_slashes_action: 'KEEP_UNCHANGED' };
    case 'DEFAULT':
    case 'BASE':
      return { normalize_path: { value: true }, path_with_escaped_slashes_action: 'KEEP_UNCHANGED' };
    case 'MERGE_SLASHES':
      return { normalize_path: { value: true }, merge_slashes: true, path_with_escaped_slashes_action: 'KEEP_UNCHANGED' };
    case 'DECODE_AND_MERGE_SLASHES':
      return { normalize_path: { value: true }, merge_slashes: true, path_with_escaped_slashes_action: 'UNESCAPE_AND_FORWARD' };
  }
}
