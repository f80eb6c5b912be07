import { namespace } from '../control-plane/names.ts';
import { readerAccount } from '../rbac/roles.ts';
import type { ChartTemplate } from '../template/chart-template.ts';
import { isSet, type TemplateObject, value, when } from '../template/template.ts';

/**
 * Where everything of one cluster goes; its label says in which network the cluster is. A chart's user makes it with
 * `helm install --create-namespace`.
 */
export const systemNamespace: TemplateObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: namespace, labels: when(isSet('global.network'), { 'topology.istio.io/network': value('global.network') }) },
};

/** What all revisions of a cluster share, besides the definitions of kinds. */
export const baseTemplates: readonly ChartTemplate[] = [{ file: 'reader-serviceaccount', object: readerAccount }];
