import { setImmediate } from 'node:timers/promises';
import { eventsOf, MAX_HOOK_EVENTS, refused, type HookReading, type ProviderEvent } from '../hook.js';
import { oneOrMany, readJson } from '../payload/json.js';

/** Some 10 ms of work; between them others have their turn. */
const EVENTS_AT_ONCE = 200;

/**
 * Reads a body that is one event or a list of them.
 * @param read the events in one element; none: it is a test, or tells nothing
 */
export async function readListed(
  body: Uint8Array,
  read: (element: unknown) => ProviderEvent[],
): Promise<HookReading> {
  const elements = oneOrMany(readJson(body));
  if (!elements) return refused('shape', 'The body is neither an event nor a list of events, in JSON.');
  if (elements.length > MAX_HOOK_EVENTS)
    return refused('shape', `The body holds more than ${MAX_HOOK_EVENTS} events.`);
  const events: ProviderEvent[] = [];
  for (const [at, element] of elements.entries()) {
    if (at > 0 && at % EVENTS_AT_ONCE === 0) await setImmediate();
    events.push(...read(element));
  }
  return eventsOf(events);
}
