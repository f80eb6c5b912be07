import type { StatefulSession } from '../../envoy/generated/envoy/extensions/filters/http/stateful_session/v3/StatefulSession.ts';
import type { StatefulSessionPerRoute } from '../../envoy/generated/envoy/extensions/filters/http/stateful_session/v3/StatefulSessionPerRoute.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Service } from '../../model/service.ts';

export const statefulSessionName = 'envoy.filters.http.stateful_session';

/** Settings of filters that a route or virtual host has of its own. */
export type SessionPerFilterConfig = Readonly<Record<string, { '@type': string } & StatefulSessionPerRoute>>;

/** Labels of a service whose clients stay with one endpoint: by `cookie[:path]`, or by a header. */
const cookieLabel = 'istio.io/persistent-session';
const headerLabel = 'istio.io/persistent-session-header';

/** What sessions with a service are told by, where the mesh keeps them (PILOT_ENABLE_PERSISTENT_SESSION_FILTER). */
export function sessionPerFilterConfig(service: Service | undefined, settings: Pick<MeshSettings, 'flags'>): SessionPerFilterConfig {
  const state = service !== undefined && settings.flags.PILOT_ENABLE_PERSISTENT_SESSION_FILTER ? sessionState(service) : undefined;
  if (state === undefined) return {};
  const type = 'type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute';
  return { [statefulSessionName]: { '@type': type, stateful_session: { session_state: state } } };
}

/** Of several destinations the last one decides, unless two before it want sessions: then the first of these (Istio `TranslateRoute`). */
export function sessionOfDestinations(
  services: readonly (Service | undefined)[],
  settings: Pick<MeshSettings, 'flags'>,
): SessionPerFilterConfig {
  let chosen: SessionPerFilterConfig = {};
  for (const service of services) {
    const own = sessionPerFilterConfig(service, settings);
    if (isSet(own) && isSet(chosen)) break;
    chosen = own;
  }
  return chosen;
}

function isSet(config: SessionPerFilterConfig): boolean {
  return Object.keys(config).length > 0;
}

/** Cookies end with the browser's session: how long one counts is in its content. */
function sessionState({ labels }: Service): StatefulSession['session_state'] | undefined {
  const cookie = labels[cookieLabel] ?? '';
  if (cookie !== '') {
    const colon = cookie.indexOf(':');
    const [name, path] = colon < 0 ? [cookie, '/'] : [cookie.slice(0, colon), cookie.slice(colon + 1)];
    const type = 'type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState';
    return { name: 'envoy.http.stateful_session.cookie', typed_config: { '@type': type, cookie: { name, path } } as never };
  }
  const header = labels[headerLabel] ?? '';
  if (header === '') return undefined;
  const type = 'type.googleapis.com/envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState';
  return { name: 'envoy.http.stateful_session.header', typed_config: { '@type': type, name: header } as never };
}
