import { Group, Button } from '@mantine/core';
import { hideNotification, showNotification } from '@mantine/notifications';
import { messageOf } from '../states';

/** So long it can be taken back. */
const UNDO_MS = 8_000;
const SAID_MS = 4_000;
const FAILED_MS = 12_000;

let count = 0;

/** Says that something was done. */
export function say(said: string): void {
  showNotification({ message: said, autoClose: SAID_MS, color: 'green', ...CLOSE });
}

/** Says that something could not be done, and why. */
export function sayFailed(error: unknown): void {
  showNotification({ message: messageOf(error), autoClose: FAILED_MS, color: 'accent', ...CLOSE });
}

/** Says that something was done that can be undone. @param undo does the opposite */
export function sayWithUndo(said: string, undo: () => Promise<unknown>): void {
  const id = `toast-${++count}`;
  const takeBack = () => {
    hideNotification(id);
    undo().then(() => say('Undone.'), sayFailed);
  };
  showNotification({ id, message: <Undoable said={said} undo={takeBack} />, autoClose: UNDO_MS, ...CLOSE });
}

/**
 * Does what can not be undone after a while in which it can be taken back; at once when the page is left.
 * @param said what is about to be done
 * @param settled it was taken back, or it failed
 */
export function unlessUndone(said: string, act: () => Promise<unknown>, settled: () => void): void {
  const id = `toast-${++count}`;
  const go = () => {
    window.removeEventListener('pagehide', go);
    clearTimeout(timer);
    hideNotification(id);
    act().catch((error: unknown) => {
      settled();
      sayFailed(error);
    });
  };
  const timer = setTimeout(go, UNDO_MS);
  window.addEventListener('pagehide', go);
  const takeBack = () => {
    window.removeEventListener('pagehide', go);
    clearTimeout(timer);
    hideNotification(id);
    settled();
  };
  showNotification({
    id,
    message: <Undoable said={said} undo={takeBack} />,
    autoClose: false,
    withCloseButton: false,
  });
}

const CLOSE = { closeButtonProps: { 'aria-label': 'Close' } };

function Undoable({ said, undo }: { said: string; undo: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>{said}</span>
      <Button size="compact-sm" variant="default" onClick={undo}>
        Undo
      </Button>
    </Group>
  );
}
