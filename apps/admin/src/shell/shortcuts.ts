import { useEffect, useRef } from 'react';
import { navigate } from '../router/router';
import type { Permission } from '../api/types';

/** `g` and one of these goes to a page. */
export const GO: { key: string; to: string; label: string; needs?: Permission }[] = [
  { key: 't', to: '/', label: 'Today' },
  { key: 'c', to: '/calendar', label: 'Calendar', needs: 'content:read' },
  { key: 'a', to: '/articles', label: 'Articles', needs: 'content:read' },
  { key: 'e', to: '/editions', label: 'Editions', needs: 'content:read' },
  { key: 'd', to: '/digests', label: 'Digests', needs: 'content:read' },
  { key: 'r', to: '/subscribers', label: 'Readers', needs: 'readers:read' },
  { key: 'i', to: '/insights', label: 'Insights', needs: 'numbers:read' },
  { key: 'l', to: '/alarms', label: 'Alarms', needs: 'numbers:read' },
  { key: 's', to: '/settings', label: 'Settings', needs: 'settings:write' },
];

/** Within this the second key of two must come. */
const SECOND_KEY_MS = 1_500;
/** Where single keys are turned off, they are off: whoever speaks to their computer types by accident. */
const STORED = 'broadsheet-single-keys';

export function areSingleKeysOn(): boolean {
  return localStorage.getItem(STORED) !== 'off';
}

export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, 'off');
}

/** What is typed into a field, or while a dialog asks, is no shortcut. */
function isBusy(target: EventTarget | null): boolean {
  const isField = target instanceof Element && target.closest('input, textarea, select, [contenteditable]');
  return Boolean(isField) || document.querySelector('[role="dialog"], :popover-open') !== null;
}

interface Openers {
  openPalette: () => void;
  openHelp: () => void;
  may: (permission: Permission | undefined) => boolean;
}

/** Listens to the keyboard, on every page. */
export function useShortcuts(openers: Openers): void {
  const latest = useRef(openers);
  useEffect(() => {
    latest.current = openers;
  });
  useEffect(() => {
    let goUntil = 0;
    const pressed = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      const { openPalette, openHelp, may } = latest.current;
      const act = (what: () => void) => {
        event.preventDefault();
        what();
      };
      if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') {
        act(openPalette);
        return;
      }
      if (ctrlKey || metaKey || altKey || isBusy(target) || !areSingleKeysOn()) return;
      if (event.timeStamp < goUntil) {
        goUntil = 0;
        const page = GO.find((one) => one.key === key && may(one.needs));
        if (page) act(() => navigate(page.to));
        return;
      }
      if (key === 'g') goUntil = event.timeStamp + SECOND_KEY_MS;
      if (key === '/') act(openPalette);
      if (key === '?') act(openHelp);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
