/** Spanish templates that may train. */
import type { Template } from '../template.ts'

export const spanish: readonly Template[] = [
  { kind: 'receipt', from: 'pedidos', subject: 'Tu pedido {order} en {company}', text: `
Hola, {first}:

{gracias por tu compra|hemos recibido tu pago} del {date}. {Este es el resumen.|A continuación verás los detalles.}

{items}

| Número de pedido | {order}
| Total | {amount}
| Tarjeta | •••• {card}

[[Ver mi pedido]]

{Si tienes dudas, responde a este mensaje.|Atendemos de lunes a viernes de 9 a 18 h.}` },
  { kind: 'invoice', from: 'facturacion', subject: 'Factura {order} de {company}', text: `
Estimado cliente:

adjuntamos la factura {order} por importe de {large}, con vencimiento el {later}.

| Factura | {order}
| Importe | {large}
| Vencimiento | {later}

Le rogamos que indique el número de factura en la transferencia.

Un cordial saludo,
Departamento de contabilidad` },
  { kind: 'shipping', from: 'envios', subject: '{Tu paquete está en camino|Pedido {order} enviado}', text: `
Hola, {first}:

hoy hemos entregado tu paquete ({product}) a {carrier}. Llegará previsiblemente el {soon}.

| Número de seguimiento | {tracking}
| Dirección | {street}, {city}

[[Seguir mi paquete]]

El seguimiento puede tardar unas horas en actualizarse.` },
  { kind: 'password', from: 'no-responder', subject: '{Restablecer tu contraseña|Tu contraseña de {company}}', text: `
Hola, {first}:

hemos recibido una solicitud para restablecer la contraseña de {email}.

[[Elegir una contraseña nueva]]

El enlace caduca en {una hora|24 horas}. Si no la has pedido tú, ignora este correo.` },
  { kind: 'code', from: 'seguridad', subject: 'Tu código de verificación: {code}', text: `
Hola:

este es tu código para entrar en {company}:

# {code}

Caduca en {5|10|15} minutos. No lo compartas con nadie.` },
  { kind: 'alert', from: 'monitorizacion', subject: '[{ALERTA|AVISO|RESUELTO}] {service} en {host}', text: `
Cambio de estado detectado

| Servicio | {service}
| Servidor | {host}
| Desde | {instant} UTC
| Medida | {percent} {de disco usado|de carga|de memoria usada}

Mensaje automático, no responda.` },
  { kind: 'invitation', from: 'calendario', subject: 'Invitación: {revisión de proyecto|planificación trimestral|entrega} el {soon}', text: `
{person} te invita a una reunión.

| Asunto | {Revisión de proyecto|Planificación trimestral|Entrega de {service}}
| Fecha | {soon} a las {time}
| Lugar | {sala {n}|videollamada|{city}}

Acepta o rechaza la invitación en tu calendario.` },
  { kind: 'newsletter', from: 'boletin', subject: '{Novedades de {month}|El boletín de {company}}', text: `
# Novedades de {month}

{Hola, {first}: esto es lo que hemos preparado.|Queridos lectores: este número trata de envases sostenibles.}

- {product}: otra vez disponible
- Nuevo horario en {city} desde el {soon}
- Así fue nuestra jornada de puertas abiertas

[[Leer más]]

Recibes este boletín porque {email} está suscrito. Darse de baja: {link}` },
  { kind: 'statement', from: 'extractos', subject: 'Tu extracto de {month} ya está disponible', text: `
Estimado/a {name}:

adjuntamos en PDF el extracto de tu cuenta de {month}. {También puedes consultarlo en línea.|Revisa tus movimientos.}

| Cuenta | •••• {card}
| Saldo | {large}

Nunca te pediremos tus claves por correo.` },
  { kind: 'build', from: 'ci', subject: '{Fallo|Correcto}: {repository} #{n} ({branch})', text: `
La ejecución #{n} de {repository} {ha fallado|ha terminado bien}.

| Rama | {branch}
| Cambio | {commit} de {person}
| Duración | {n} min

[[Abrir la ejecución]]` },
  { kind: 'sign-in', from: 'cuenta', subject: 'Nuevo inicio de sesión en tu cuenta', text: `
Hola, {first}:

se acaba de usar tu cuenta en un dispositivo nuevo.

| Hora | {instant} UTC
| Dispositivo | {browser}
| Dirección | {ip}

Si has sido tú, no hace falta que hagas nada. Si no, cambia la contraseña.

[[Revisar actividad]]` },
  { kind: 'reminder', from: 'citas', subject: 'Recordatorio: cita el {soon}', text: `
Estimado/a {name}:

le recordamos su cita del {soon} a las {time} en {street}, {city}.

Traiga {su tarjeta sanitaria|un documento de identidad}. Si no puede acudir, avísenos con un día de antelación.

[[Cambiar o anular]]` },
] // biome-ignore format: texts
