{{- define "sallyport.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (default .Chart.Name .Values.nameOverride) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (default .Chart.Name .Values.nameOverride) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* What all pods of the release have in common. */ -}}
{{- define "sallyport.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sallyport.labels" -}}
{{ include "sallyport.selector" . }}
app.kubernetes.io/part-of: sallyport
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "sallyport.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- /* A role's values over the defaults, as YAML. Takes (list $ role). */ -}}
{{- define "sallyport.role" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- mergeOverwrite (deepCopy $root.Values.defaults) (index $root.Values.roles $name | default dict | deepCopy) | toYaml -}}
{{- end -}}

{{- define "sallyport.hasPostgres" -}}
{{- if .Values.records.postgres.host }}true{{ end -}}
{{- end -}}

{{- /* The last number of host:port or of a URL. Takes (list address default). */ -}}
{{- define "sallyport.port" -}}
{{- $port := regexFind ":[0-9]+(/.*)?$" (index . 0) | trimPrefix ":" | regexFind "^[0-9]+" -}}
{{- if $port }}{{ $port }}{{ else if hasPrefix "https" (index . 0) }}443{{ else if hasPrefix "http" (index . 0) }}80{{ else }}{{ index . 1 }}{{ end -}}
{{- end -}}

{{- define "sallyport.kafkaHasSecrets" -}}
{{- if or .Values.kafka.sasl.mechanism .Values.kafka.tls.enabled }}true{{ end -}}
{{- end -}}
