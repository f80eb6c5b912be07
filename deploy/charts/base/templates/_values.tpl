{{- define "base.values" -}}
{{- $profile := dict }}
{{- with .Values.profile }}
{{- $file := $.Files.Get (printf "files/profile-%s.yaml" .) }}
{{- if not $file }}{{ fail (printf "there is no profile %s" .) }}{{ end }}
{{- $profile = fromYaml $file }}
{{- end }}
{{- $user := omit (deepCopy .Values) "_internal_defaults_do_not_set" "profile" }}
{{- $v := mergeOverwrite (deepCopy (index .Values "_internal_defaults_do_not_set")) $profile $user }}
{{- toJson $v }}
{{- end }}
