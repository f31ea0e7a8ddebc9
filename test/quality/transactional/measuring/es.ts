/** Spanish templates that only measure. */
import type { Template } from '../template.ts'

export const spanish: readonly Template[] = [
  { kind: 'receipt', from: 'pagos', subject: 'Cobro de {amount} realizado', text: `
# Pago aceptado

Se ha cargado {amount} en la tarjeta terminada en {card}.

{items}

Referencia {order}. El justificante está en tu área de cliente.

[[Descargar justificante]]

Próximo cargo: {later}.` },
  { kind: 'invoice', from: 'tesoreria', subject: '{Recibo|Minuta|Liquidación} n.º {order}', text: `
Muy señores nuestros:

por los servicios prestados en {month} les corresponde abonar {large}; el documento va adjunto. El plazo es de quince días.

Persona de contacto: {person}, {street}, {city}.

Documento emitido por medios electrónicos, válido sin firma.` },
  { kind: 'shipping', from: 'reparto', subject: '{carrier}: envío {tracking} {llega hoy|listo para recoger}', text: `
El bulto de {company} {llega entre las {time} y las 18 h|te espera en el punto de recogida de {city}}.

| Envío | {tracking}
| Contenido | {product}

¿No estarás? Indica un vecino u otro punto.

[[Cambiar la entrega]]` },
  { kind: 'password', from: 'acceso', subject: 'Recupera el acceso a {company}', text: `
{first}, abre esta dirección para poner otra clave:

{link}

Dejará de funcionar a las dos horas. Petición hecha desde {ip}. Sin este enlace nadie puede entrar en tu perfil.` },
  { kind: 'code', from: 'entrada', subject: 'Clave de un solo uso de {company}', text: `
Teclea estas cifras para {continuar|confirmar la transferencia de {amount}}:

{code}

Sirven una vez, durante {tres|ocho} minutos. Nuestro personal nunca las pide por teléfono.` },
  { kind: 'alert', from: 'sonda', subject: '{host}: {service} {CRÍTICO|ATENCIÓN|OK}', text: `
Comprobación: {service}
Equipo: {host} ({ip})
Resultado: {CRÍTICO|ATENCIÓN|OK}
Momento: {instant}

{Sin respuesta en 10 s|Solo queda un {percent} libre en /var|El certificado de {domain} vence en {n} días|Copia terminada, {n} ficheros omitidos}` },
  { kind: 'invitation', from: 'reuniones', subject: '{Propuesta de hora|Hora cambiada}: {presupuesto|bienvenida a {person}|repaso de la incidencia}', text: `
{person} quiere hablar contigo.

Comienzo: {soon}, {time} (45 minutos)
Enlace: {link}
PIN: {card}{card}

Si no te viene bien, contesta a quien convoca.` },
  { kind: 'newsletter', from: 'hola', subject: '{product} y {n} ideas más', text: `
# La selección de la semana

{Recién llegado|Elegido por nuestro equipo}: {product} desde {amount}. Envío gratis a partir de 40 euros.

- Cómo prueba {person} cada artículo
- Abrimos hasta tarde el {soon}
- Recetas de nuestra cocina

[[Ver la selección]]

{company}, {street}, {city}. Preferencias o baja: {link}` },
  { kind: 'statement', from: 'documentos', subject: 'Documento nuevo: {resumen|posición|consumo} de {month}', text: `
Buenos días, {name}:

hemos dejado un documento en su buzón; va también aquí una copia.

Total: {large}. Variación desde el {past}: {percent}.

Este buzón no se lee. Escriba a {person}.` },
  { kind: 'build', from: 'jenkins', subject: 'Compilación {inestable|restablecida}: {repository} » {branch} #{n}', text: `
Véase {link}

Cambios:

- [{person}] dependencias al día
- [{person}] reintento en {service}

Pruebas: {n} fallidas, 14{n} superadas, 3 omitidas. Lanzado por {commit} en {host}.` },
  { kind: 'sign-in', from: 'aviso', subject: '¿Has sido tú? {browser}, {city}', text: `
{name}:

a las {instant} UTC alguien entró en tu perfil con {browser} ({ip}), un navegador que no conocíamos.

Si lo reconoces, todo va bien. Si no, cierra esa sesión.

[[Cerrar la sesión]]` },
  { kind: 'reminder', from: 'oficina', subject: '{Préstamo por devolver|Revisión pendiente|Contrato renovado} el {soon}', text: `
Apreciado cliente:

{debe devolver «{product}» antes del {soon}|su caldera necesita la revisión anual; nuestro técnico {person} estará en {city} el {soon}|su contrato {order} se renueva el {later} por {amount} si no nos dice lo contrario}.

Confirme o prorrogue en línea antes de las {time}.

[[Mi área]]` },
] // biome-ignore format: texts
