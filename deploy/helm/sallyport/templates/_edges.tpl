{{- define "sallyport.egress" -}}
{{- /* One rule for each edge that has ports. Takes (list $ edges). */ -}}
{{- $root := index . 0 -}}
{{- range $edge := index . 1 }}
{{- $ports := include "sallyport.edgePorts" (list $root $edge) | fromJsonArray }}
{{- if $ports }}
- ports:
    {{- range $port := $ports }}
    - { protocol: TCP, port: {{ int $port }} }
    {{- if eq $edge "dns" }}
    - { protocol: UDP, port: {{ int $port }} }
    {{- end }}
    {{- end }}
  {{- with index $root.Values.networkPolicy.to $edge }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "sallyport.edgePorts" -}}
{{- $v := (index . 0).Values -}}
{{- $edge := index . 1 -}}
{{- $ports := list -}}
{{- if eq $edge "dns" }}{{ $ports = list 53 }}
{{- else if eq $edge "kafka" }}{{ range $v.kafka.brokers }}{{ $ports = append $ports (include "sallyport.port" (list . "9092") | int) }}{{ end }}
{{- else if eq $edge "redis" }}{{ $ports = list (include "sallyport.port" (list $v.redis.address "6379") | int) }}
{{- else if eq $edge "contentStore" }}{{ $ports = list (include "sallyport.port" (list $v.contentStore.endpoint "443") | int) }}
{{- else if and (eq $edge "postgres") $v.records.postgres.host }}{{ $ports = list (int $v.records.postgres.port) }}
{{- else if and (eq $edge "collector") $v.tracing.endpoint }}{{ $ports = list (include "sallyport.port" (list $v.tracing.endpoint "4318") | int) }}
{{- else if eq $edge "nextHops" }}{{ $ports = $v.networkPolicy.nextHopPorts }}
{{- else if eq $edge "scanners" }}{{ $ports = $v.networkPolicy.scannerPorts }}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}
