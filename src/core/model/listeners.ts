/** Several listeners as one, asked in the order given. A call that nobody wants is not made. */
import type { RunListener } from './record.js';

export function combineListeners(listeners: readonly RunListener[]): RunListener | undefined {
  if (listeners.length <= 1) return listeners[0];
  const sent = listeners.filter((listener) => listener.sent !== undefined);
  const delivered = listeners.filter((listener) => listener.delivered !== undefined);
  const dropped = listeners.filter((listener) => listener.dropped !== undefined);
  const timer = listeners.filter((listener) => listener.timer !== undefined);
  const world = listeners.filter((listener) => listener.world !== undefined);
  const reported = listeners.filter((listener) => listener.reported !== undefined);
  return {
    sent: sent.length === 0 ? undefined : (...call) => sent.forEach((listener) => listener.sent?.(...call)),
    delivered:
      delivered.length === 0
        ? undefined
        : (...call) => delivered.forEach((listener) => listener.delivered?.(...call)),
    dropped:
      dropped.length === 0
        ? undefined
        : (...call) => dropped.forEach((listener) => listener.dropped?.(...call)),
    timer:
      timer.length === 0 ? undefined : (...call) => timer.forEach((listener) => listener.timer?.(...call)),
    world:
      world.length === 0 ? undefined : (...call) => world.forEach((listener) => listener.world?.(...call)),
    reported:
      reported.length === 0
        ? undefined
        : (...call) => reported.forEach((listener) => listener.reported?.(...call)),
  };
}
