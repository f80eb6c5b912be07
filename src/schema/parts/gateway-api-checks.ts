/** Rules that several kinds of the Gateway API share, after the CEL rules of its CRDs. */

import { parseDurationMs } from '../../lib/duration.ts';
import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { Listener, SessionPersistence } from './gateway-api.ts';

interface BackendRefLike {
  readonly group?: string;
  readonly kind?: string;
  readonly port?: number;
}

/** A Service is named with its port; other kinds of backends may go without. */
export function checkBackendPort(ref: BackendRefLike, path: Path, report: Report): void {
  const { group = '', kind = 'Service', port } = ref;
  if (group === '' && kind === 'Service' && port === undefined) report.error([...path, 'port'], 'is required for a Service');
}

/** Field of a filter that goes with each of its types. */
const fieldOfType: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
  CORS: 'cors',
  ExternalAuth: 'externalAuth',
};

interface FilterLike {
  readonly type: string;
  readonly requestMirror?: {
    readonly backendRef: BackendRefLike;
    readonly percent?: number;
    readonly fraction?: { readonly numerator: number; readonly denominator?: number };
  };
}

/** A filter has exactly the field that its type names. */
export function checkFilter(filter: FilterLike, path: Path, report: Report): void {
  const fitting = fieldOfType[filter.type];
  for (const name of Object.values(fieldOfType)) {
    const isSet = Object.hasOwn(filter, name);
    if (name === fitting && !isSet) report.error([...path, name], `is required for type ${filter.type}`);
    if (name !== fitting && isSet) report.error([...path, name], `is not possible with type ${filter.type}`);
  }
  const mirror = filter.requestMirror;
  if (!mirror) return;
  const at = [...path, 'requestMirror'];
  checkBackendPort(mirror.backendRef, [...at, 'backendRef'], report);
  if (mirror.percent !== undefined && mirror.fraction) report.error(at, 'may have only one of percent and fraction');
  if (mirror.fraction && mirror.fraction.numerator > (mirror.fraction.denominator ?? 100))
    report.error([...at, 'fraction'], 'must not be greater than 1');
}

export function checkSessionPersistence(session: SessionPersistence | undefined, path: Path, report: Report): void {
  if (!session) return;
  const { cookieConfig, type = 'Cookie', absoluteTimeout } = session;
  if (cookieConfig && type !== 'Cookie') report.error([...path, 'cookieConfig'], 'is possible with type Cookie only');
  if (cookieConfig?.lifetimeType === 'Permanent' && absoluteTimeout === undefined)
    report.error([...path, 'absoluteTimeout'], 'is required for a permanent cookie');
  if (absoluteTimeout !== undefined && (parseDurationMs(absoluteTimeout) ?? 0) < 0)
    report.error([...path, 'absoluteTimeout'], 'must not be negative');
}

/** Listeners of a Gateway or ListenerSet: unique by name, and by port, protocol and host name. */
export function checkListeners(listeners: readonly Listener[], path: Path, report: Report): void {
  const names = new Set<string>();
  const places = new Set<string>();
  for (const [i, { name, port, protocol, hostname, tls }] of listeners.entries()) {
    const at = [...path, i];
    if (names.has(name)) report.error([...at, 'name'], `repeats "${name}"`);
    names.add(name);
    const place = JSON.stringify([port, protocol, hostname]);
    if (places.has(place)) report.error(at, 'repeats the port, protocol and hostname of another listener');
    places.add(place);
    if (hostname !== undefined && (protocol === 'TCP' || protocol === 'UDP'))
      report.error([...at, 'hostname'], `is not possible with protocol ${protocol}`);
    if (tls && (protocol === 'HTTP' || protocol === 'TCP' || protocol === 'UDP'))
      report.error([...at, 'tls'], `is not possible with protocol ${protocol}`);
    if (protocol === 'HTTPS' && tls?.mode === 'Passthrough') report.error([...at, 'tls', 'mode'], 'must be Terminate for protocol HTTPS');
  }
}
