import { lazy } from 'react';
import type { Session } from '../api/session';
import type { Permission } from '../api/types';
import { ask, useAsked } from '../shell/asked';
import { useShortcuts } from '../shell/shortcuts';
import { withStyles } from './with-styles';

const Palette = lazy(() =>
  withStyles(async () => ({ default: (await import('../palette/palette')).Palette })),
);
const HelpSheet = lazy(() =>
  withStyles(async () => ({ default: (await import('../palette/help-sheet')).HelpSheet })),
);

/** What keys and buttons of the frame open. Fetched when it is first asked for. */
export function OnDemand({ session }: { session: Session }) {
  const asked = useAsked();
  const may = (permission: Permission | undefined) =>
    permission === undefined || session.permissions.includes(permission);
  useShortcuts({ may, openPalette: () => ask('palette'), openHelp: () => ask('help') });
  const close = () => ask(null);
  if (asked === 'palette') return <Palette close={close} />;
  return asked === 'help' ? <HelpSheet close={close} may={may} /> : null;
}
