import type { HeaderValueOption } from '../../envoy/generated/envoy/config/core/v3/HeaderValueOption.ts';
import { compareText } from '../../model/config-object.ts';
import type { HeaderOperations, Headers } from '../../schema/virtual-service/http-actions.ts';

/** Envoy's four lists, as they stand on a route and on a weighted cluster; absent where empty. */
export interface HeaderFields {
  readonly request_headers_to_add?: HeaderValueOption[];
  readonly request_headers_to_remove?: string[];
  readonly response_headers_to_add?: HeaderValueOption[];
  readonly response_headers_to_remove?: string[];
}

export interface TranslatedHeaders {
  readonly fields: HeaderFields;
  /** New value of the host header, which Envoy changes by a rewrite and not as a header. */
  readonly authority?: string;
}

/** Header changes of a rule or of one destination (Istio `TranslateHeadersOperations`): `set` before `add`, each by name. */
export function translateHeaders(headers: Headers | undefined): TranslatedHeaders {
  const authority = authorityOf(headers?.request?.set) ?? authorityOf(headers?.request?.add);
  return {
    fields: joinHeaders(
      { request_headers_to_add: toAdd(headers?.request), request_headers_to_remove: toRemove(headers?.request) },
      { response_headers_to_add: toAdd(headers?.response), response_headers_to_remove: toRemove(headers?.response) },
    ),
    ...(authority !== undefined && { authority }),
  };
}

/** Appends list to list; Envoy applies them in order, so the later `set` wins. */
export function joinHeaders(first: HeaderFields, second: HeaderFields): HeaderFields {
  const requestAdd = [...(first.request_headers_to_add ?? []), ...(second.request_headers_to_add ?? [])];
  const requestRemove = [...(first.request_headers_to_remove ?? []), ...(second.request_headers_to_remove ?? [])];
  const responseAdd = [...(first.response_headers_to_add ?? []), ...(second.response_headers_to_add ?? [])];
  const responseRemove = [...(first.response_headers_to_remove ?? []), ...(second.response_headers_to_remove ?? [])];
  return {
    ...(requestAdd.length > 0 && { request_headers_to_add: requestAdd }),
    ...(requestRemove.length > 0 && { request_headers_to_remove: requestRemove }),
    ...(responseAdd.length > 0 && { response_headers_to_add: responseAdd }),
    ...(responseRemove.length > 0 && { response_headers_to_remove: responseRemove }),
  };
}

function toAdd(operations: HeaderOperations | undefined): HeaderValueOption[] {
  return [...sortedHeaders(operations?.set, true), ...sortedHeaders(operations?.add, false)];
}

/** Envoy's default is to append, so only overwriting is said. */
function sortedHeaders(headers: Readonly<Record<string, string>> | undefined, overwrite: boolean): HeaderValueOption[] {
  return Object.entries(headers ?? {})
    .filter(([key]) => !isInternal(key))
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => ({ header: { key, value }, ...(overwrite && { append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' as const }) }));
}

function toRemove(operations: HeaderOperations | undefined): string[] {
  return (operations?.remove ?? []).filter((key) => !isInternal(key));
}

/** Pseudo headers and `host` cannot be changed as headers. */
function isInternal(key: string): boolean {
  return key.startsWith(':') || key.toLowerCase() === 'host';
}

function authorityOf(headers: Readonly<Record<string, string>> | undefined): string | undefined {
  const found = Object.entries(headers ?? {}).find(([key, value]) => /^(:authority|host)$/i.test(key) && value !== '');
  return found?.[1];
}
