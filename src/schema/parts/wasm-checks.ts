/** Rules on WebAssembly modules, after Istio's validation of WasmPlugin and TrafficExtension. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { VmConfig } from './wasm-settings.ts';

const schemes: readonly string[] = ['http', 'https', 'file', 'oci'];

/** `oci://`, `http://`, `https://`, `file://`, or an image without a scheme. */
export function checkModuleUrl(url: string, path: Path, report: Report): void {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && !schemes.includes(scheme))
    report.error(path, `must have one of the schemes ${schemes.join(', ')}, not ${scheme}`);
  else if (!isUrl(scheme === undefined && !url.startsWith('/') ? `http://${url}` : url)) report.error(path, `must be a URL, not "${url}"`);
}

/** Whether Go's url.ParseRequestURI takes it: no control characters or spaces, whole escapes, a host without odd letters. */
function isUrl(url: string): boolean {
  if (/[\s\p{Cc}]/u.test(url) || /%(?![0-9a-fA-F]{2})/.test(url)) return false;
  const authority = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/([^/?]*)/.exec(url)?.[1];
  return authority === undefined
    ? url.startsWith('/')
    : !/[#"<>\\^`{|}]/.test(authority) && /^(.*@)?(\[[^\]]*\]|[^:]*)(:\d*)?$/.test(authority);
}

export function checkVmConfig(config: VmConfig | undefined, path: Path, report: Report): void {
  const names = new Set<string>();
  for (const [i, { name, valueFrom = 'INLINE', value }] of (config?.env ?? []).entries()) {
    const at = [...path, 'env', i];
    if (names.has(name)) report.error([...at, 'name'], `repeats "${name}"`);
    names.add(name);
    if (valueFrom !== 'INLINE' && value !== undefined)
      report.error([...at, 'value'], `is possible with valueFrom INLINE only, not ${valueFrom}`);
  }
}
