{{- /*
What is mounted into a role, and no more: as JSON, { volumes, mounts }. Takes (list $ role facts).
Everything named as `secret:` in settings and policy is one folder of files, projected from several secrets.
*/ -}}
{{- define "sallyport.mounts" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $wants := (index . 2).secrets -}}
{{- $v := $root.Values -}}
{{- $fullname := include "sallyport.fullname" $root -}}
{{- $volumes := list (dict "name" "tmp" "emptyDir" (dict "sizeLimit" "256Mi")) -}}
{{- $mounts := list (dict "name" "tmp" "mountPath" "/tmp") -}}

{{- $hasVolume := and (eq $name "console") (not (include "sallyport.hasPostgres" $root)) -}}
{{- $data := ternary (dict "persistentVolumeClaim" (dict "claimName" (printf "%s-console" $fullname))) (dict "emptyDir" dict) $hasVolume -}}
{{- $volumes = append $volumes (mergeOverwrite (dict "name" "data") $data) -}}
{{- $mounts = append $mounts (dict "name" "data" "mountPath" "/var/lib/sallyport") -}}

{{- $volumes = append $volumes (dict "name" "settings" "configMap" (dict "name" $fullname)) -}}
{{- $mounts = append $mounts (dict "name" "settings" "mountPath" "/etc/sallyport/settings" "readOnly" true) -}}

{{- /* The job of the migration reaches PostgreSQL and nothing else. */ -}}
{{- $hasKafka := ne $name "migrate" -}}
{{- $sources := list -}}
{{- if and $hasKafka $v.kafka.sasl.mechanism -}}
{{- $sources = append $sources (include "sallyport.secretFile" (list $v.kafka.sasl.existingSecret $v.kafka.sasl.passwordKey "kafka") | fromJson) -}}
{{- end -}}
{{- if and (has "redis" $wants) $v.redis.existingSecret -}}
{{- $sources = append $sources (include "sallyport.secretFile" (list $v.redis.existingSecret $v.redis.passwordKey "redis") | fromJson) -}}
{{- end -}}
{{- if has "contentStore" $wants -}}
{{- $sources = append $sources (include "sallyport.secretFile" (list $v.contentStore.existingSecret $v.contentStore.secretKeyKey "content-store") | fromJson) -}}
{{- end -}}
{{- if has "gatewayKey" $wants -}}
{{- $sources = append $sources (include "sallyport.secretFile" (list $v.gatewayKey.existingSecret $v.gatewayKey.key "gateway-key") | fromJson) -}}
{{- end -}}
{{- if and (has "postgres" $wants) (include "sallyport.hasPostgres" $root) -}}
{{- $sources = append $sources (include "sallyport.secretFile" (list $v.records.postgres.existingSecret $v.records.postgres.passwordKey "postgres") | fromJson) -}}
{{- end -}}
{{- with index $v.policy.secrets $name }}{{ $sources = append $sources (dict "secret" (dict "name" .)) }}{{ end -}}
{{- if $sources -}}
{{- $volumes = append $volumes (dict "name" "secrets" "projected" (dict "sources" $sources "defaultMode" 288)) -}}
{{- $mounts = append $mounts (dict "name" "secrets" "mountPath" "/etc/sallyport/secrets" "readOnly" true) -}}
{{- end -}}

{{- $trust := dict -}}
{{- if and $hasKafka $v.kafka.tls.enabled }}{{ $_ := set $trust "kafka" $v.kafka.tls.existingSecret }}{{ end -}}
{{- if and (has "redis" $wants) $v.redis.tls.enabled }}{{ $_ := set $trust "redis" $v.redis.tls.existingSecret }}{{ end -}}
{{- if has "contentStore" $wants }}{{ $_ := set $trust "content-store" $v.contentStore.caSecret }}{{ end -}}
{{- if and (has "postgres" $wants) $v.records.postgres.tls.enabled }}{{ $_ := set $trust "postgres" $v.records.postgres.tls.existingSecret }}{{ end -}}
{{- if has "smtpTls" $wants }}{{ $_ := set $trust "smtp" $v.smtp.tls.existingSecret }}{{ $_ := set $trust "smtp-clients" $v.smtp.tls.clientCaSecret }}{{ end -}}
{{- range $folder, $secret := $trust -}}
{{- if $secret -}}
{{- $volumes = append $volumes (dict "name" (printf "tls-%s" $folder) "secret" (dict "secretName" $secret "defaultMode" 288)) -}}
{{- $mounts = append $mounts (dict "name" (printf "tls-%s" $folder) "mountPath" (printf "/etc/sallyport/tls/%s" $folder) "readOnly" true) -}}
{{- end -}}
{{- end -}}

{{- if has "policy" $wants -}}
{{- $volumes = append $volumes (dict "name" "policy" "configMap" (dict "name" (default (printf "%s-policy" $fullname) $v.policy.existingConfigMap))) -}}
{{- $mounts = append $mounts (dict "name" "policy" "mountPath" "/etc/sallyport/policy" "readOnly" true) -}}
{{- end -}}
{{- dict "volumes" $volumes "mounts" $mounts | toJson -}}
{{- end -}}

{{- define "sallyport.secretFile" -}}
{{- dict "secret" (dict "name" (index . 0) "items" (list (dict "key" (index . 1) "path" (index . 2)))) | toJson -}}
{{- end -}}

{{- /* Changes with everything that is mounted, so that pods roll: secrets count where the cluster can be asked for them. */ -}}
{{- define "sallyport.checksum" -}}
{{- $root := index . 0 -}}
{{- $seen := list (include "sallyport.settings" $root) (toYaml $root.Values.policy.document) -}}
{{- range (index . 1).volumes -}}
{{- range $name := concat (list (dig "secret" "secretName" "" .)) (include "sallyport.projected" . | fromJsonArray) -}}
{{- if $name }}{{ $seen = append $seen (lookup "v1" "Secret" $root.Release.Namespace $name | dig "data" dict | toJson) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- join "\n" $seen | sha256sum -}}
{{- end -}}

{{- define "sallyport.projected" -}}
{{- $names := list -}}
{{- range dig "projected" "sources" list . }}{{ $names = append $names .secret.name }}{{ end -}}
{{- $names | toJson -}}
{{- end -}}
