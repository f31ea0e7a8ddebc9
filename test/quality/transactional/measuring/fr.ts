/** French templates that only measure. */
import type { Template } from '../template.ts'

export const french: readonly Template[] = [
  { kind: 'receipt', from: 'paiements', subject: 'Paiement de {amount} accepté', text: `
# C’est réglé !

La somme de {amount} a été débitée de votre carte se terminant par {card}.

{items}

Référence : {order}. Le justificatif est à votre disposition dans votre espace.

[[Télécharger le justificatif]]

Prochaine échéance : {later}.` },
  { kind: 'invoice', from: 'tresorerie', subject: '{Avis d’échéance|Note d’honoraires|Quittance} n° {order}', text: `
Cher client,

au titre des prestations de {month}, vous nous devez {large} ; le document figure en pièce jointe. Le délai de règlement est de quinze jours.

Votre interlocuteur : {person}, {street}, {city}.

Document établi électroniquement, valable sans signature.` },
  { kind: 'shipping', from: 'livraison', subject: '{carrier} : envoi {tracking} {livré aujourd’hui|à retirer}', text: `
Le paquet de {company} {arrive entre {time} et 18 h|vous attend au point relais de {city}}.

| Envoi | {tracking}
| Contenu | {product}

Absent ? Désignez un voisin ou un autre point de retrait.

[[Changer la livraison]]` },
  { kind: 'password', from: 'acces', subject: 'Retrouver l’accès à {company}', text: `
{first}, suivez cette adresse pour définir un autre mot de passe :

{link}

Elle cesse de fonctionner au bout de deux heures. Demande venue de {ip}. Sans ce lien, personne n’entre dans votre espace.` },
  { kind: 'code', from: 'connexion', subject: 'Mot de passe à usage unique {company}', text: `
Saisissez ces chiffres pour {poursuivre|valider le virement de {amount}} :

{code}

Utilisables une fois, pendant {trois|huit} minutes. Nos conseillers ne vous les demanderont jamais.` },
  { kind: 'alert', from: 'sonde', subject: '{host} : {service} {CRITIQUE|ATTENTION|OK}', text: `
Contrôle : {service}
Machine : {host} ({ip})
Résultat : {CRITIQUE|ATTENTION|OK}
Horodatage : {instant}

{Aucune réponse en 10 s|Il ne reste que {percent} sur /var|Le certificat de {domain} expire dans {n} jours|Sauvegarde terminée, {n} fichiers ignorés}` },
  { kind: 'invitation', from: 'reunions', subject: '{Proposition de créneau|Créneau modifié} : {budget|accueil de {person}|bilan d’incident}', text: `
{person} souhaite échanger avec vous.

Début : {soon}, {time} (45 minutes)
Lien : {link}
Code : {card}{card}

Si l’horaire ne convient pas, répondez à l’organisateur.` },
  { kind: 'newsletter', from: 'bonjour', subject: '{product} et {n} autres idées', text: `
# La sélection de la semaine

{Tout juste arrivé|Choisi par nos équipes} : {product} à partir de {amount}. Livraison offerte dès 40 euros.

- Comment {person} essaie chaque article
- Nocturne le {soon}
- Les recettes de notre cuisine

[[Découvrir]]

{company}, {street}, {city}. Préférences et désinscription : {link}` },
  { kind: 'statement', from: 'documents', subject: 'Nouveau document : {situation|décompte|synthèse} {month}', text: `
Bonjour {name},

un document vient d’être déposé dans votre coffre ; en voici une copie.

Encours : {large}. Évolution depuis le {past} : {percent}.

Cette boîte n’est pas relevée. Écrivez plutôt à {person}.` },
  { kind: 'build', from: 'jenkins', subject: 'Construction {instable|rétablie} : {repository} » {branch} #{n}', text: `
Voir {link}

Changements :

- [{person}] mise à jour des dépendances
- [{person}] nouvel essai dans {service}

Tests : {n} en échec, 14{n} réussis, 3 ignorés. Déclenché par {commit} sur {host}.` },
  { kind: 'sign-in', from: 'avis', subject: 'Était-ce vous ? {browser}, {city}', text: `
Cher/chère {name},

à {instant} UTC, quelqu’un est entré dans votre profil avec {browser} ({ip}), un navigateur que nous ne connaissions pas.

Vous le reconnaissez : tout va bien. Sinon, fermez la session.

[[Fermer la session]]` },
  { kind: 'reminder', from: 'accueil', subject: '{Prêt à rendre|Entretien à prévoir|Contrat reconduit} le {soon}', text: `
Chère cliente, cher client,

{l’ouvrage « {product} » est à rendre le {soon}|votre chaudière doit être révisée ; notre technicien {person} passe à {city} le {soon}|votre contrat {order} sera reconduit le {later} pour {amount}, sauf avis contraire}.

Confirmez ou prolongez en ligne avant {time}.

[[Mon espace]]` },
] // biome-ignore format: texts
