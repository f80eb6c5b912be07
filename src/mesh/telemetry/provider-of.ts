import type { ExtensionProvider } from '../../schema/mesh-config/extension-provider.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';

/** The extension provider of a name, in upper or lower case (Istio `fetchProvider`). */
export function providerOf({ extensionProviders = [] }: MeshConfig, name: string): ExtensionProvider | undefined {
  const wanted = name.toLowerCase();
  return extensionProviders.find((provider) => (provider.name ?? '').toLowerCase() === wanted);
}

export function providerNames(references: readonly { readonly name: string }[] | undefined): readonly string[] {
  return (references ?? []).map(({ name }) => name);
}

/** Whether a `match` of an entry means this side; none means both. */
export function meansMode(stated: string | undefined, mode: 'CLIENT' | 'SERVER'): boolean {
  return stated === undefined || stated === 'CLIENT_AND_SERVER' || stated === mode;
}
