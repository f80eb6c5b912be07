import type { HeaderValue } from '../../envoy/generated/envoy/config/core/v3/HeaderValue.ts';
import type { HeaderValueOption } from '../../envoy/generated/envoy/config/core/v3/HeaderValueOption.ts';
import type { HttpHeader } from '../../schema/mesh-config/extension-provider.ts';

/** Headers that a provider wants on every request. What `envName` named stands as a value in the settings already. */
export function requestHeaders(headers: readonly HttpHeader[]): HeaderValueOption[] {
  return headers.map((header) => ({ append_action: 'OVERWRITE_IF_EXISTS_OR_ADD', header: headerValue(header) }));
}

/** The same for gRPC. */
export function initialMetadata(headers: readonly HttpHeader[]): HeaderValue[] {
  return headers.map(headerValue);
}

function headerValue({ name = '', value = '' }: HttpHeader): HeaderValue {
  return { key: name, value };
}
