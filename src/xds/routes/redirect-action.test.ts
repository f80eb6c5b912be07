import { expect, it } from 'vitest';
import type { HttpRedirect } from '../../schema/virtual-service/http-actions.ts';
import { buildDirectResponse } from './direct-response.ts';
import { buildRedirect } from './redirect-action.ts';
import { routeOf } from './route-fixtures.ts';

it.each<[HttpRedirect, boolean, unknown]>([
  [{ uri: '/x' }, false, { path_redirect: '/x', response_code: 'MOVED_PERMANENTLY' }],
  [{ authority: 'a.com', redirectCode: 302 }, false, { host_redirect: 'a.com', path_redirect: '', response_code: 'FOUND' }],
  [{ uri: '/no', prefixRewrite: '/p', redirectCode: 303 }, false, { prefix_rewrite: '/p', response_code: 'SEE_OTHER' }],
  [{ scheme: 'https', redirectCode: 307 }, false, { path_redirect: '', scheme_redirect: 'https', response_code: 'TEMPORARY_REDIRECT' }],
  [{ port: 8443, redirectCode: 308 }, false, { path_redirect: '', port_redirect: 8443, response_code: 'PERMANENT_REDIRECT' }],
  [{ port: 80 }, false, { path_redirect: '', response_code: 'MOVED_PERMANENTLY' }],
  [{ port: 80 }, true, { path_redirect: '', port_redirect: 80, response_code: 'MOVED_PERMANENTLY' }],
  [{ port: 443 }, true, { path_redirect: '', response_code: 'MOVED_PERMANENTLY' }],
  [{ port: 443, scheme: 'https' }, false, { path_redirect: '', scheme_redirect: 'https', response_code: 'MOVED_PERMANENTLY' }],
  [{ derivePort: 'FROM_REQUEST_PORT' }, false, { path_redirect: '', port_redirect: 9080, response_code: 'MOVED_PERMANENTLY' }],
  [{ derivePort: 'FROM_PROTOCOL_DEFAULT' }, false, { path_redirect: '', response_code: 'MOVED_PERMANENTLY' }],
  [{ redirectCode: 305 }, false, undefined],
])('redirect %j, TLS %s', (redirect, isTls, expected) => {
  expect(buildRedirect(redirect, 9080, isTls)).toEqual(expected);
});

it('a redirect that Envoy cannot do does not break the table', () => {
  expect(routeOf({ redirect: { redirectCode: 305 } })).toMatchObject({ direct_response: { status: 503 } });
});

it.each([
  [{ status: 404 }, { status: 404 }],
  [
    { status: 200, body: { string: 'hi' } },
    { status: 200, body: { inline_string: 'hi' } },
  ],
  [
    { status: 200, body: { string: '' } },
    { status: 200, body: { inline_string: '' } },
  ],
  [
    { status: 200, body: { bytes: 'aGk=' } },
    { status: 200, body: { inline_bytes: 'aGk=' } },
  ],
])('answer %j', (response, expected) => {
  expect(buildDirectResponse(response)).toEqual(expected);
});
