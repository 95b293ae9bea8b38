/**
 * One figure for the state of a network, for those who want one: how much arrives, how many are up, how much of what arrives is good.
 * A summary hides more than it shows, so its formula is printed with it.
 */

/** Printed with every result that shows the figure. */
export const networkHealthFormula =
  '100 x (0.5 x deliveryRatio + 0.3 x share of nodes up + 0.2 x share of first receipts without a flag)';

/**
 * See `networkHealthFormula`.
 * @param deliveryRatio first deliveries / possible ones, 0 to 1; null when nothing was measured
 * @param upShare 0 to 1; null when there are no nodes
 * @param validShare 0 to 1; null when nothing was received
 * @returns percent, 0 to 100; null when one of its parts is unknown
 */
export function networkHealth(
  deliveryRatio: number | null,
  upShare: number | null,
  validShare: number | null,
): number | null {
  if (deliveryRatio === null || upShare === null || validShare === null) return null;
  return 100 * (0.5 * deliveryRatio + 0.3 * upShare + 0.2 * validShare);
}
