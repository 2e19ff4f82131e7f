import { useSyncExternalStore } from 'react';

/** What the frame opens over a page, once somebody asks for it. */
export type Asked = 'palette' | 'help' | null;

let asked: Asked = null;
const watchers = new Set<() => void>();

export function ask(what: Asked): void {
  asked = what;
  for (const changed of watchers) changed();
}

function watch(changed: () => void) {
  watchers.add(changed);
  return () => void watchers.delete(changed);
}

export function useAsked(): Asked {
  return useSyncExternalStore(watch, () => asked);
}
