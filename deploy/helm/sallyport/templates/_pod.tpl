{{- define "sallyport.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "sallyport.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "sallyport.priorityClass" -}}
{{- /* Takes (list $ role-values facts). */ -}}
{{- $root := index . 0 -}}
{{- if (index . 1).priorityClassName -}}
{{ (index . 1).priorityClassName }}
{{- else if $root.Values.priorityClasses.create -}}
{{ include "sallyport.priorityName" (list $root (ternary "accept" "other" (eq (index . 2).path "accept"))) }}
{{- end -}}
{{- end -}}

{{- /* Of the cluster, not of a namespace: so its namespace is part of the name. */ -}}
{{- define "sallyport.priorityName" -}}
{{- $root := index . 0 -}}
{{ $root.Release.Namespace }}-{{ include "sallyport.fullname" $root }}-{{ index . 1 }}
{{- end -}}

{{- /* The pod of a role. Takes (list $ role facts). */ -}}
{{- define "sallyport.pod" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $facts := index . 2 -}}
{{- $role := include "sallyport.role" (list $root $name) | fromYaml -}}
{{- $mounted := include "sallyport.mounts" (list $root $name $facts) | fromJson -}}
metadata:
  labels:
    {{- include "sallyport.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ $name }}
    {{- with $role.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    checksum/settings: {{ include "sallyport.checksum" (list $root $mounted) }}
    {{- with $role.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "sallyport.fullname" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $role.terminationGracePeriodSeconds }}
  {{- with include "sallyport.priorityClass" (list $root $role $facts) }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets: {{- range . }}
    - { name: {{ . }} }
  {{- end }}
  {{- end }}
  securityContext: {{- include "sallyport.podSecurity" $root | nindent 4 }}
  {{- with $role.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $role.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  affinity:
    {{- if $role.affinity }}{{ toYaml $role.affinity | nindent 4 }}{{ else }}
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: kubernetes.io/hostname
            labelSelector:
              matchLabels:
                {{- include "sallyport.selector" $root | nindent 16 }}
                app.kubernetes.io/component: {{ $name }}
    {{- end }}
  topologySpreadConstraints:
    {{- if $role.topologySpreadConstraints }}{{ toYaml $role.topologySpreadConstraints | nindent 4 }}{{ else }}
    {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: ScheduleAnyway
      matchLabelKeys: [pod-template-hash]
      labelSelector:
        matchLabels:
          {{- include "sallyport.selector" $root | nindent 10 }}
          app.kubernetes.io/component: {{ $name }}
    {{- end }}
    {{- end }}
  containers:
    - name: sallyport
      image: {{ include "sallyport.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: ["--config", "/etc/sallyport/settings/sallyport.yaml", "--roles", {{ $name }}]
      env:
        - { name: NODE_OPTIONS, value: {{ $role.nodeOptions | quote }} }
        {{- if has "smtpTls" $facts.secrets }}{{ include "sallyport.ingressTls" $root | nindent 8 }}{{ end }}
        {{- if and (eq $name "console") $root.Values.console.existingSecret }}
        - name: SALLYPORT_CONSOLE_TOKEN
          valueFrom: { secretKeyRef: { name: {{ $root.Values.console.existingSecret }}, key: {{ $root.Values.console.tokenKey }} } }
        {{- end }}
        {{- with $role.env }}{{ toYaml . | nindent 8 }}{{ end }}
      ports:
        - { name: health, containerPort: 8081 }
        {{- if has "smtp" $facts.ports }}
        - { name: smtp, containerPort: 2525 }
        {{- if $root.Values.smtp.tls.implicit }}
        - { name: smtps, containerPort: 2465 }
        {{- end }}
        {{- end }}
        {{- if has "console" $facts.ports }}
        - { name: console, containerPort: 8080 }
        {{- end }}
      # Kafka may be waited for, and the first policy for 10 minutes.
      startupProbe:
        httpGet: { path: /healthz, port: health }
        periodSeconds: 2
        failureThreshold: 330
      readinessProbe:
        httpGet: { path: /readyz, port: health }
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      livenessProbe:
        httpGet: { path: /healthz, port: health }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- if gt (int $role.preStopSeconds) 0 }}
      lifecycle: { preStop: { sleep: { seconds: {{ $role.preStopSeconds }} } } }
      {{- end }}
      resources: {{- toYaml $role.resources | nindent 8 }}
      securityContext: {{- include "sallyport.containerSecurity" $root | nindent 8 }}
      volumeMounts: {{- concat $mounted.mounts $role.extraVolumeMounts | toYaml | nindent 8 }}
  volumes: {{- concat $mounted.volumes $role.extraVolumes | toYaml | nindent 4 }}
{{- end -}}
