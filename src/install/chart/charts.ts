import type { Field } from '../../schema/field/field.ts';
import { baseTemplates } from '../base/base-templates.ts';
import { controlPlaneTemplates } from '../control-plane/control-plane-templates.ts';
import { gatewayFields } from '../gateway/gateway-fields.ts';
import { gatewayTemplates } from '../gateway/gateway-templates.ts';
import { chartValues } from '../gateway/gateway-values.ts';
import { release } from '../release.ts';
import type { ChartTemplate } from '../template/chart-template.ts';
import { mergeValues, type Values } from '../template/values.ts';
import { defaultGatewayValues, defaultValues } from '../values/default-values.ts';
import { ingressPorts, profiles } from '../values/profiles.ts';
import { pilotTable, valueTable } from '../values/value-table.ts';
import { yamlOf } from '../yaml-text.ts';
import type { ChartValues } from './expressions.ts';
import { TemplateText } from './template-text.ts';
import { valuesNotes } from './values-notes.ts';
import { valuesSchema } from './values-schema.ts';

const { pilot, global, ...others } = defaultValues as Readonly<Record<string, Values>>;

/** Files of Istio's three charts, under their names and with their values; `base` holds the definitions of kinds besides. */
export function addCharts(files: Map<string, string>): void {
  addChart(files, {
    values: { chart: 'base', defaults: { global: global!, base: others['base']! } },
    description: 'Definitions of kinds, and what revisions share',
    templates: baseTemplates,
    fields: valueTable.fields,
  });
  files.set(
    'charts/base/templates/crds.yaml',
    '{{- $v := include "base.values" . | fromJson }}\n{{- if $v.base.enableCRDTemplates }}\n{{ .Files.Get "files/crds.yaml" }}\n{{- end }}\n',
  );
  addChart(files, {
    values: { chart: 'istiod', flattened: 'pilot', defaults: { ...pilot!, ...others, global: global! } },
    description: 'The control plane',
    templates: controlPlaneTemplates,
    profiles: controlPlaneProfiles(),
    fields: { ...pilotTable.fields, ...valueTable.fields },
  });
  addChart(files, {
    values: { chart: 'gateway', defaults: gatewayDefaults() },
    description: 'A gateway: Envoy, told what to serve by Gateway objects',
    templates: gatewayTemplates,
    settled: gatewayNames,
    fields: gatewayFields,
  });
}

/** What the chart makes of a release's name; the labels are those that Istio's chart gives. */
const gatewayNames = [
  '{{- $name := .Values.name | default .Release.Name }}',
  '{{- $own := dict "app" $name "istio" (trimPrefix "istio-" $name) }}',
  '{{- $_ := set $v "labels" (mergeOverwrite $own ($v.labels | default dict)) }}',
  '{{- $_ := set $v "name" $name }}',
  '{{- $_ := set $v "namespace" .Release.Namespace }}',
];

function gatewayDefaults(): Values {
  const values = chartValues({ ...defaultGatewayValues, type: 'LoadBalancer', ports: ingressPorts });
  // A name and a namespace that are always there, as far as templates are concerned: the release's.
  return { name: 'istio-ingressgateway', namespace: 'istio-system', labels: {}, revision: '', global: global!, ...values };
}

/** What profiles set of the control plane, in the chart's form. */
function controlPlaneProfiles(): ReadonlyMap<string, Values> {
  const of = new Map<string, Values>();
  for (const [name, profile] of Object.entries(profiles)) {
    const { values = {}, meshConfig } = profile as { readonly values?: Readonly<Record<string, Values>>; readonly meshConfig?: Values };
    const { pilot: own = {}, gateways: _gateways, ...rest } = values;
    of.set(name, { ...own, ...rest, ...(meshConfig && { meshConfig }) });
  }
  return of;
}

interface Chart {
  readonly values: ChartValues;
  readonly description: string;
  readonly templates: readonly ChartTemplate[];
  /** Values that users may state, by name. */
  readonly fields: Readonly<Record<string, Field>>;
  readonly profiles?: ReadonlyMap<string, Values>;
  /** Lines that settle values which follow from the release. */
  readonly settled?: readonly string[];
}

function addChart(files: Map<string, string>, { values, description, templates, fields, profiles: named, settled = [] }: Chart): void {
  const { chart, defaults, flattened } = values;
  const folder = `charts/${chart}`;
  const { tag: version } = release;
  files.set(
    `${folder}/Chart.yaml`,
    yamlOf([{ apiVersion: 'v2', name: chart, description, type: 'application', version, appVersion: version }]),
  );
  // User's values must be told from ours: a profile stands between the two.
  files.set(`${folder}/values.yaml`, yamlOf([{ [defaultsKey]: withoutNames(defaults, chart) }]));
  files.set(`${folder}/values.schema.json`, `${JSON.stringify(valuesSchema(fields, [defaultsKey, 'profile']), undefined, 1)}\n`);
  files.set(`${folder}/templates/NOTES.txt`, valuesNotes(fields));
  files.set(`${folder}/templates/_values.tpl`, valuesDefinition(chart, flattened, settled));
  for (const [name, profile] of named ?? []) files.set(`${folder}/files/profile-${name}.yaml`, yamlOf([profile]));
  for (const file of new Set(templates.map((each) => each.file))) {
    const own = templates.filter((each) => each.file === file);
    files.set(`${folder}/templates/${file}.yaml`, TemplateText.fileOf(values, file, own));
  }
}

/** Istio's name for it, which says what it is. */
const defaultsKey = '_internal_defaults_do_not_set';

/** A gateway's name and namespace come from the release. */
function withoutNames(defaults: Values, chart: string): Values {
  return chart === 'gateway' ? mergeValues(defaults, { name: null, namespace: null }) : defaults;
}

/** The values that templates see: defaults, under the profile, under the user's. */
function valuesDefinition(chart: string, flattened: string | undefined, settled: readonly string[]): string {
  const own = flattened === undefined ? '' : ` (deepCopy (.Values.${flattened} | default dict))`;
  const lines = [
    `{{- define "${chart}.values" -}}`,
    '{{- $profile := dict }}',
    '{{- with .Values.profile }}',
    '{{- $file := $.Files.Get (printf "files/profile-%s.yaml" .) }}',
    '{{- if not $file }}{{ fail (printf "there is no profile %s" .) }}{{ end }}',
    '{{- $profile = fromYaml $file }}',
    '{{- end }}',
    `{{- $user := omit (deepCopy .Values) "${defaultsKey}" "profile"${flattened === undefined ? '' : ` "${flattened}"`} }}`,
    `{{- $v := mergeOverwrite (deepCopy (index .Values "${defaultsKey}")) $profile $user${own} }}`,
    ...settled,
    '{{- toJson $v }}',
    '{{- end }}',
  ];
  return `${lines.join('\n')}\n`;
}
