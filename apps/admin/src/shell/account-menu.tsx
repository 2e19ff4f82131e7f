import { useMantineColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { signOut, type Session } from '../api/session';
import { Link } from '../router/router';
import { ask } from './asked';
import { closeAfterLink } from './bottom-bar';
import { Icon } from './icons';

const MENU = 'account';
const SCHEMES = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Who is signed in, how it looks, and the way out. */
export function AccountMenu({ session }: { session: Session }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({ mutationFn: signOut });
  return (
    <>
      <button type="button" className="head-button" popoverTarget={MENU} aria-label="Account">
        <Icon name="person" />
      </button>
      <div id={MENU} className="menu" popover="auto" onClick={closeAfterLink}>
        <p className="menu-who">
          {session.name} ({session.role ?? 'key'})
        </p>
        {session.isOperator && <Link to="/settings/account">My account</Link>}
        <a href="/">The site</a>
        <button
          type="button"
          onClick={(event) => {
            event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
            ask('help');
          }}
        >
          Keyboard shortcuts <kbd>?</kbd>
        </button>
        <fieldset className="menu-look">
          <legend>Look</legend>
          {SCHEMES.map(([scheme, label]) => (
            <label key={scheme}>
              <input
                type="radio"
                name="look"
                checked={colorScheme === scheme}
                onChange={() => setColorScheme(scheme)}
              />
              {label}
            </label>
          ))}
        </fieldset>
        <button type="button" onClick={() => leave.mutate()}>
          Sign out
        </button>
      </div>
    </>
  );
}
