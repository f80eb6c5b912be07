import { addCharts } from './chart/charts.ts';
import { buildCrds } from './crds/crds.ts';
import { resolveInstallation } from './installation.ts';
import { buildManifest, type Manifest } from './manifest.ts';
import type { OperatorSpec, ProfileName } from './values/value-table.ts';
import { profileNames } from './values/value-table.ts';
import { yamlOf } from './yaml-text.ts';

/** Folders of `deploy/` whose every file is written by `deployFiles`. */
export const generatedFolders: readonly string[] = ['charts', 'kustomize'];

/** What `deploy/` holds besides what people write, by path: the same bytes every time. */
export function deployFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  files.set('charts/base/files/crds.yaml', yamlOf(buildCrds()));
  files.set('charts/base/files/kustomization.yaml', kustomization(['crds.yaml']));
  addCharts(files);
  for (const profile of profileNames) addProfile(files, profile);
  return files;
}

/** Profiles whose installation needs a value that only their user knows. */
const placeholders: Readonly<Partial<Record<ProfileName, OperatorSpec>>> = {
  // A block of addresses for documentation (RFC 5737): to be replaced.
  remote: { values: { global: { remotePilotAddress: '192.0.2.1' } } },
};

function addProfile(files: Map<string, string>, profile: ProfileName): void {
  const manifest = buildManifest(resolveInstallation({ ...placeholders[profile], profile }));
  const folder = `kustomize/${profile}`;
  const resources = [...(manifest.crds.length > 0 ? ['../../charts/base/files'] : []), ...manifestFile(files, folder, manifest)];
  files.set(`${folder}/kustomization.yaml`, kustomization(resources));
}

function manifestFile(files: Map<string, string>, folder: string, { namespaces, objects }: Manifest): readonly string[] {
  const all = [...namespaces, ...objects];
  if (all.length === 0) return [];
  files.set(`${folder}/manifest.yaml`, yamlOf(all));
  return ['manifest.yaml'];
}

function kustomization(resources: readonly string[]): string {
  return yamlOf([{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources }]);
}
