import { eventsOf, MAX_HOOK_EVENTS, refused, type HookReading, type ProviderEvent } from '../hook.js';
import { oneOrMany, readJson } from '../payload/json.js';

/**
 * Reads a body that is one event or a list of them.
 * @param read the events in one element; none: it is a test, or tells nothing
 */
export function readListed(body: Uint8Array, read: (element: unknown) => ProviderEvent[]): HookReading {
  const elements = oneOrMany(readJson(body));
  if (!elements) return refused('shape', 'The body is neither an event nor a list of events, in JSON.');
  if (elements.length > MAX_HOOK_EVENTS)
    return refused('shape', `The body holds more than ${MAX_HOOK_EVENTS} events.`);
  return eventsOf(elements.flatMap(read));
}
