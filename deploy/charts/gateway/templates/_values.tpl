{{- define "gateway.values" -}}
{{- $profile := dict }}
{{- with .Values.profile }}
{{- $file := $.Files.Get (printf "files/profile-%s.yaml" .) }}
{{- if not $file }}{{ fail (printf "there is no profile %s" .) }}{{ end }}
{{- $profile = fromYaml $file }}
{{- end }}
{{- $user := omit (deepCopy .Values) "_internal_defaults_do_not_set" "profile" }}
{{- $v := mergeOverwrite (deepCopy (index .Values "_internal_defaults_do_not_set")) $profile $user }}
{{- $name := .Values.name | default .Release.Name }}
{{- $own := dict "app" $name "istio" (trimPrefix "istio-" $name) }}
{{- $_ := set $v "labels" (mergeOverwrite $own ($v.labels | default dict)) }}
{{- $_ := set $v "name" $name }}
{{- $_ := set $v "namespace" .Release.Namespace }}
{{- toJson $v }}
{{- end }}
