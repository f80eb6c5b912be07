import type { DirectResponseAction } from '../../envoy/generated/envoy/config/route/v3/DirectResponseAction.ts';
import type { HttpDirectResponse } from '../../schema/virtual-service/http-actions.ts';

/** `bytes` stay the base64 text of the configuration: the encoder takes them so. */
export function buildDirectResponse(response: HttpDirectResponse): DirectResponseAction {
  const { status, body } = response;
  if (body?.string !== undefined) return { status, body: { inline_string: body.string } };
  return body?.bytes === undefined ? { status } : { status, body: { inline_bytes: body.bytes } };
}
