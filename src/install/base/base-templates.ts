import { namespace } from '../control-plane/names.ts';
import { readerAccount } from '../rbac/roles.ts';
import type { ChartTemplate } from '../template/chart-template.ts';
import type { TemplateObject } from '../template/template.ts';

/** Where everything of one cluster goes. A chart's user makes it with `helm install --create-namespace`. */
export const systemNamespace: TemplateObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };

/** What all revisions of a cluster share, besides the definitions of kinds. */
export const baseTemplates: readonly ChartTemplate[] = [{ file: 'reader-serviceaccount', object: readerAccount }];
