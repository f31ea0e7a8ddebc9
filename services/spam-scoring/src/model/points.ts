/** What the log odds of a model are worth beside the points of rules. */

/** The points of a model never exceed this, however sure it is: the rest is for rules. */
export const maxModelPoints = 20

/** The policy's usual 8 and 15 points so stand for messages 150 and 12,000 times as likely among spam as among other mail. */
export const pointsPerNat = 1.6

/** From 0 to `maxModelPoints`, to two digits. */
export const modelPoints = (logOdds: number): number =>
  Math.round(100 * Math.max(0, Math.min(maxModelPoints, pointsPerNat * logOdds))) / 100
