/** Headers of providers may take their value from the environment of the control plane. */

import type { ExtensionProvider, HttpHeader } from './extension-provider.ts';
import type { MeshConfig } from './mesh-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The same settings with values in place of the names of variables; a variable that is not set is empty, as in Istio. */
export function withEnvironment<C extends MeshConfig>(config: C, env: Environment): C {
  const { extensionProviders = [] } = config;
  if (!extensionProviders.some(namesVariables)) return config;
  return {
    ...config,
    extensionProviders: extensionProviders.map((provider) => (namesVariables(provider) ? filledIn(provider, env) : provider)),
  };
}

function namesVariables(provider: ExtensionProvider): boolean {
  return JSON.stringify(provider).includes('"envName"');
}

function filledIn(provider: ExtensionProvider, env: Environment): ExtensionProvider {
  return JSON.parse(JSON.stringify(provider), (_, member: unknown) =>
    isHeader(member) ? headerOf(member, env) : member,
  ) as ExtensionProvider;
}

function isHeader(member: unknown): member is HttpHeader {
  return member !== null && typeof member === 'object' && 'envName' in member;
}

function headerOf({ envName = '', ...header }: HttpHeader, env: Environment): HttpHeader {
  return { ...header, value: env[envName] ?? '' };
}
