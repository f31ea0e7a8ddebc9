{{- define "sallyport.tls" -}}
{{- /* The files of a TLS block, as JSON. Takes (list tls folder); the keys that are empty are left out. */ -}}
{{- $tls := index . 0 -}}
{{- $files := dict -}}
{{- if $tls.existingSecret -}}
{{- range $name, $key := dict "ca" "caKey" "certificate" "certificateKey" "key" "keyKey" -}}
{{- if index $tls $key }}{{ $_ := set $files $name (printf "/etc/sallyport/tls/%s/%s" (index $ 1) (index $tls $key)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $files | toJson -}}
{{- end -}}

{{- /* The gateway's configuration: one file for all roles. */ -}}
{{- define "sallyport.settings" -}}
{{- $v := .Values -}}
{{- $settings := deepCopy $v.settings -}}
{{- $_ := set $settings "data" "/var/lib/sallyport" -}}
{{- $_ := set $settings "secrets" "/etc/sallyport/secrets" -}}
{{- $_ := set $settings "policy" "/etc/sallyport/policy/policy.yaml" -}}
{{- $_ := set $settings "policySource" $v.policy.source -}}
{{- $_ := set $settings "health" (dict "listen" (printf "%s:8081" $v.bindAddress)) -}}
{{- $_ := set $settings "bus" (dict "partitions" (int $v.partitions)) -}}
{{- $_ := set $settings "console" (mergeOverwrite (default dict $settings.console) (dict "listen" (printf "%s:8080" $v.bindAddress))) -}}

{{- $kafka := dict "brokers" $v.kafka.brokers "replication" (int $v.kafka.replication) -}}
{{- if $v.kafka.tls.enabled }}{{ $_ := set $kafka "tls" (include "sallyport.tls" (list $v.kafka.tls "kafka") | fromJson) }}{{ end -}}
{{- if $v.kafka.sasl.mechanism }}{{ $_ := set $kafka "sasl" (dict "mechanism" $v.kafka.sasl.mechanism "username" $v.kafka.sasl.username "secret" "kafka") }}{{ end -}}
{{- $_ := set $settings "kafka" $kafka -}}

{{- $redis := dict "address" $v.redis.address "database" (int $v.redis.database) "prefix" $v.redis.prefix -}}
{{- if $v.redis.username }}{{ $_ := set $redis "username" $v.redis.username }}{{ end -}}
{{- if $v.redis.existingSecret }}{{ $_ := set $redis "secret" "redis" }}{{ end -}}
{{- if $v.redis.tls.enabled }}{{ $_ := set $redis "tls" (include "sallyport.tls" (list $v.redis.tls "redis") | fromJson) }}{{ end -}}
{{- $_ := set $settings "redis" $redis -}}

{{- $store := pick $v.contentStore "endpoint" "region" "bucket" "prefix" "accessKeyId" -}}
{{- $_ := set $store "secret" "content-store" -}}
{{- if $v.contentStore.caSecret }}{{ $_ := set $store "ca" (printf "/etc/sallyport/tls/content-store/%s" $v.contentStore.caKey) }}{{ end -}}
{{- $_ := set $settings "contentStore" $store -}}
{{- $_ := set $settings "gatewayKey" (dict "secret" "gateway-key") -}}

{{- with $v.records.postgres -}}
{{- if .host -}}
{{- $postgres := dict "address" (printf "%s:%d" .host (int .port)) "database" .database "user" .username "secret" "postgres" -}}
{{- if .tls.enabled }}{{ $_ := set $postgres "tls" (include "sallyport.tls" (list .tls "postgres") | fromJson) }}{{ end -}}
{{- $_ := set $settings "records" (dict "postgres" $postgres) -}}
{{- end -}}
{{- end -}}

{{- if $v.tracing.endpoint }}{{ $_ := set $settings "tracing" (mergeOverwrite (default dict $settings.tracing) (pick $v.tracing "endpoint" "ratio")) }}{{ end -}}

{{- $smtp := default dict $settings.smtp -}}
{{- $listeners := list (dict "address" (printf "%s:2525" $v.bindAddress) "proxy" $v.smtp.proxyProtocol.enabled) -}}
{{- if $v.smtp.tls.implicit }}{{ $listeners = append $listeners (dict "address" (printf "%s:2465" $v.bindAddress) "proxy" $v.smtp.proxyProtocol.enabled "tls" "implicit") }}{{ end -}}
{{- $_ := set $smtp "listen" $listeners -}}
{{- if $v.smtp.hostname }}{{ $_ := set $smtp "hostname" $v.smtp.hostname }}{{ end -}}
{{- if $v.smtp.proxyProtocol.enabled }}{{ $_ := set $smtp "proxy" (dict "networks" $v.smtp.proxyProtocol.networks) }}{{ end -}}
{{- $_ := set $settings "smtp" $smtp -}}
{{- $settings | toYaml -}}
{{- end -}}

{{- /* The files of TLS for SMTP, which only ingress has: by environment, so that no other role looks for them. */ -}}
{{- define "sallyport.ingressTls" -}}
{{- if .Values.smtp.tls.existingSecret }}
- { name: SALLYPORT_SMTP_TLS_CERTIFICATE, value: /etc/sallyport/tls/smtp/tls.crt }
- { name: SALLYPORT_SMTP_TLS_KEY, value: /etc/sallyport/tls/smtp/tls.key }
{{- if .Values.smtp.tls.clientCaSecret }}
- { name: SALLYPORT_SMTP_TLS_CLIENT_CA, value: /etc/sallyport/tls/smtp-clients/{{ .Values.smtp.tls.clientCaKey }} }
{{- end }}
{{- end }}
{{- end -}}
