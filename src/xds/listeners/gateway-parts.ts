import type { GatewayParts } from './gateway-listener.ts';

export const gatewayParts: GatewayParts = { httpFilters: () => [], tlsContext: () => undefined };
