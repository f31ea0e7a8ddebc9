{{- /* What the schema cannot see: combinations that cannot work, or would be an open relay. Each says what to do. */ -}}
{{- define "sallyport.refusals" -}}
{{- $faults := list -}}
{{- $v := .Values -}}
{{- if not $v.kafka.brokers }}{{ $faults = append $faults "kafka.brokers is empty: name host:port of some brokers" }}{{ end -}}
{{- if not $v.redis.address }}{{ $faults = append $faults "redis.address is empty: name host:port of the primary" }}{{ end -}}
{{- range $key := list "endpoint" "bucket" "accessKeyId" "existingSecret" -}}
{{- if not (index $v.contentStore $key) }}{{ $faults = append $faults (printf "contentStore.%s is empty: messages over 64 KiB and held mail need an S3-compatible store" $key) }}{{ end -}}
{{- end -}}
{{- if not $v.gatewayKey.existingSecret }}{{ $faults = append $faults "gatewayKey.existingSecret is empty: make a secret with at least 32 random bytes (docs/kubernetes.md) and name it" }}{{ end -}}
{{- if and $v.policy.document $v.policy.existingConfigMap }}{{ $faults = append $faults "policy: give document or existingConfigMap, not both" }}{{ end -}}
{{- if not (or $v.policy.document $v.policy.existingConfigMap) }}{{ $faults = append $faults "policy.document is empty: give the policy with --set-file policy.document=policy.yaml, or name a ConfigMap in policy.existingConfigMap" }}{{ end -}}
{{- if $v.kafka.sasl.mechanism -}}
{{- if not (and $v.kafka.sasl.username $v.kafka.sasl.existingSecret) }}{{ $faults = append $faults "kafka.sasl.mechanism needs kafka.sasl.username and kafka.sasl.existingSecret" }}{{ end -}}
{{- end -}}
{{- if and $v.records.postgres.host (not $v.records.postgres.existingSecret) }}{{ $faults = append $faults "records.postgres.host needs records.postgres.existingSecret with the password" }}{{ end -}}
{{- if and (not $v.records.postgres.host) (gt (int ((include "sallyport.role" (list . "console")) | fromYaml).replicas) 1) }}{{ $faults = append $faults "roles.console.replicas is above 1, but its records are on a volume of one pod: leave it at 1, or give records.postgres" }}{{ end -}}
{{- if and (gt (int ((include "sallyport.role" (list . "console")) | fromYaml).replicas) 1) (not $v.console.existingSecret) }}{{ $faults = append $faults "roles.console.replicas is above 1, and each would make a token of its own: name a secret with one for all in console.existingSecret" }}{{ end -}}
{{- $faults = concat $faults (include "sallyport.relayFaults" . | fromJsonArray) -}}
{{- range $name, $facts := (.Files.Get "files/roles.yaml" | fromYaml) -}}
{{- $role := include "sallyport.role" (list $ $name) | fromYaml -}}
{{- $most := ternary $role.autoscaling.maxReplicas $role.replicas (and $role.autoscaling.enabled (ne $v.autoscaling.kind "none")) | int -}}
{{- if and (not (has $name (list "ingress" "console"))) (gt $most (int $v.partitions)) }}{{ $faults = append $faults (printf "roles.%s may have %d replicas, but there are %d partitions: more replicas than partitions have no work" $name $most (int $v.partitions)) }}{{ end -}}
{{- if gt (int $role.autoscaling.minReplicas) (int $role.autoscaling.maxReplicas) }}{{ $faults = append $faults (printf "roles.%s.autoscaling: minReplicas is above maxReplicas" $name) }}{{ end -}}
{{- range $role.env -}}
{{- if regexMatch "^SALLYPORT_(SMTP_(LISTEN|PROXY|TLS)|ROLES|KAFKA|REDIS|CONTENT_STORE|GATEWAY_KEY|RECORDS|SECRETS|HEALTH_LISTEN|BUS)" .name }}{{ $faults = append $faults (printf "roles.%s.env: %s is set by this chart: use its own values" $name .name) }}{{ end -}}
{{- end -}}
{{- $needs := add (int $role.preStopSeconds) (ternary 30 25 (eq $name "ingress")) -}}
{{- if lt (int $role.terminationGracePeriodSeconds) (int $needs) }}{{ $faults = append $faults (printf "roles.%s.terminationGracePeriodSeconds is %d, but preStop and drain take up to %d s: mail in transfer would be cut off" $name (int $role.terminationGracePeriodSeconds) (int $needs)) }}{{ end -}}
{{- end -}}
{{- if and $v.strimzi.enabled (not $v.strimzi.cluster) }}{{ $faults = append $faults "strimzi.cluster is empty: name the Kafka resource" }}{{ end -}}
{{- if and $v.console.ingress.enabled $v.console.gateway.enabled }}{{ $faults = append $faults "console: give ingress or gateway, not both" }}{{ end -}}
{{- if and $v.console.ingress.enabled (not $v.console.ingress.host) }}{{ $faults = append $faults "console.ingress.host is empty: name the host" }}{{ end -}}
{{- if and $v.console.gateway.enabled (not $v.console.gateway.parentRefs) }}{{ $faults = append $faults "console.gateway.parentRefs is empty: name the Gateway" }}{{ end -}}
{{- range $key := list "kafka" "redis" "contentStore" "gatewayKey" "records" "roles" "secrets" "data" "policy" "policySource" "health" "bus" -}}
{{- if hasKey $v.settings $key }}{{ $faults = append $faults (printf "settings.%s is set by this chart: use its own values" $key) }}{{ end -}}
{{- end -}}
{{- range $key := list "listen" "proxy" "tls" "hostname" -}}
{{- if hasKey (default dict $v.settings.smtp) $key }}{{ $faults = append $faults (printf "settings.smtp.%s is set by this chart: use smtp.* of its values" $key) }}{{ end -}}
{{- end -}}
{{- if $faults }}{{ fail (printf "\n\nThese values cannot work:\n  - %s\n" (join "\n  - " $faults)) }}{{ end -}}
{{- end -}}

{{- /* An application is recognized by its network. Whoever can choose the address that the gateway sees can send as anybody. As JSON. */ -}}
{{- define "sallyport.relayFaults" -}}
{{- $faults := list -}}
{{- $smtp := .Values.smtp -}}
{{- $isOutside := has $smtp.service.type (list "NodePort" "LoadBalancer") -}}
{{- if and $isOutside (eq $smtp.service.externalTrafficPolicy "Cluster") (not $smtp.proxyProtocol.enabled) -}}
{{- $faults = append $faults "smtp.service.externalTrafficPolicy: Cluster would make an open relay: every client would come from the address of a node, and would be taken for the application whose network holds it. Set Local, or smtp.proxyProtocol with the networks of the load balancer" -}}
{{- end -}}
{{- if and $smtp.proxyProtocol.enabled (not $smtp.proxyProtocol.networks) -}}
{{- $faults = append $faults "smtp.proxyProtocol.networks is empty: name the networks of the load balancers, since who may send a PROXY header may claim any address" -}}
{{- end -}}
{{- range $network := $smtp.proxyProtocol.networks -}}
{{- if lt (int (splitList "/" $network | last)) 8 -}}
{{- $faults = append $faults (printf "smtp.proxyProtocol.networks: %s would make an open relay: anybody could claim any address with a PROXY header. Name only the load balancers" $network) -}}
{{- end -}}
{{- end -}}
{{- if and $smtp.proxyProtocol.networks (not $smtp.proxyProtocol.enabled) -}}
{{- $faults = append $faults "smtp.proxyProtocol.networks is given, but smtp.proxyProtocol.enabled is false: connections through the load balancer would all come from its address, an open relay for the application whose network holds it" -}}
{{- end -}}
{{- if and $smtp.tls.implicit (not $smtp.tls.existingSecret) }}{{ $faults = append $faults "smtp.tls.implicit needs smtp.tls.existingSecret" }}{{ end -}}
{{- $faults | toJson -}}
{{- end -}}
