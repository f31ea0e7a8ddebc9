/** French templates that may train. */
import type { Template } from '../template.ts'

export const french: readonly Template[] = [
  { kind: 'receipt', from: 'commandes', subject: 'Votre commande {order} chez {company}', text: `
Bonjour {first},

{merci pour votre commande|nous avons bien reçu votre paiement} du {date}. {En voici le détail.|Vous trouverez le récapitulatif ci-dessous.}

{items}

| Numéro de commande | {order}
| Total | {amount}
| Carte | •••• {card}

[[Voir ma commande]]

{Une question ? Répondez simplement à ce message.|Le service client vous répond du lundi au vendredi.}` },
  { kind: 'invoice', from: 'facturation', subject: 'Facture {order} - {company}', text: `
Madame, Monsieur,

veuillez trouver ci-joint la facture {order} d’un montant de {large}, à régler avant le {later}.

| Facture | {order}
| Montant | {large}
| Échéance | {later}

Merci d’indiquer le numéro de facture lors de votre virement.

Cordialement,
Le service comptabilité` },
  { kind: 'shipping', from: 'expedition', subject: '{Votre colis est en route|Commande {order} expédiée}', text: `
Bonjour {first},

votre colis ({product}) a été remis aujourd’hui à {carrier}. La livraison est prévue le {soon}.

| Numéro de suivi | {tracking}
| Adresse | {street}, {city}

[[Suivre mon colis]]

Le suivi peut mettre quelques heures à s’afficher.` },
  { kind: 'password', from: 'ne-pas-repondre', subject: '{Réinitialisation de votre mot de passe|Votre mot de passe {company}}', text: `
Bonjour {first},

une demande de réinitialisation du mot de passe a été faite pour le compte {email}.

[[Choisir un nouveau mot de passe]]

Ce lien est valable {une heure|24 heures}. Si vous n’êtes pas à l’origine de cette demande, ignorez ce message.` },
  { kind: 'code', from: 'securite', subject: 'Votre code de vérification : {code}', text: `
Bonjour,

voici votre code pour vous connecter à {company} :

# {code}

Il expire dans {5|10|15} minutes. Ne le communiquez à personne.` },
  { kind: 'alert', from: 'supervision', subject: '[{ALERTE|AVERTISSEMENT|RÉSOLU}] {service} sur {host}', text: `
Changement d’état signalé par la supervision

| Service | {service}
| Serveur | {host}
| Depuis | {instant} UTC
| Mesure | {percent} {d’espace disque utilisé|de charge|de mémoire utilisée}

Message automatique, merci de ne pas y répondre.` },
  { kind: 'invitation', from: 'agenda', subject: 'Invitation : {revue de projet|point trimestriel|recette} le {soon}', text: `
{person} vous invite à une réunion.

| Objet | {Revue de projet|Point trimestriel|Recette de {service}}
| Date | {soon} à {time}
| Lieu | {salle {n}|visioconférence|{city}}

Merci d’accepter ou de refuser dans votre agenda.` },
  { kind: 'newsletter', from: 'infolettre', subject: '{Les nouveautés de {month}|La lettre de {company}}', text: `
# Quoi de neuf en {month} ?

{Bonjour {first}, voici notre actualité.|Chères lectrices, chers lecteurs, ce numéro parle d’emballages durables.}

- {product} : de retour en stock
- Nouveaux horaires à {city} dès le {soon}
- Retour en images sur notre journée portes ouvertes

[[Lire la suite]]

Vous recevez cette lettre car {email} y est abonné. Se désabonner : {link}` },
  { kind: 'statement', from: 'releves', subject: 'Votre relevé de {month} est disponible', text: `
Bonjour {name},

votre relevé de compte de {month} est joint à ce message au format PDF. {Il reste consultable dix ans en ligne.|Pensez à vérifier vos opérations.}

| Compte | •••• {card}
| Solde | {large}

Nous ne demandons jamais vos codes par courriel.` },
  { kind: 'build', from: 'ci', subject: '{Échec|Succès} : {repository} #{n} ({branch})', text: `
Le pipeline #{n} de {repository} {a échoué|est passé}.

| Branche | {branch}
| Commit | {commit} par {person}
| Durée | {n} min

[[Ouvrir le pipeline]]` },
  { kind: 'sign-in', from: 'compte', subject: 'Nouvelle connexion à votre compte', text: `
Bonjour {first},

votre compte vient d’être utilisé depuis un nouvel appareil.

| Heure | {instant} UTC
| Appareil | {browser}
| Adresse | {ip}

Si c’était vous, vous n’avez rien à faire. Sinon, changez votre mot de passe.

[[Vérifier l’activité]]` },
  { kind: 'reminder', from: 'rendez-vous', subject: 'Rappel : rendez-vous le {soon}', text: `
Bonjour {name},

nous vous rappelons votre rendez-vous du {soon} à {time}, {street}, {city}.

Pensez à apporter {votre carte Vitale|une pièce d’identité}. En cas d’empêchement, merci de nous prévenir la veille.

[[Modifier ou annuler]]` },
] // biome-ignore format: texts
