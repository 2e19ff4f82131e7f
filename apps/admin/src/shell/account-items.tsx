import { useMantineColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { signOut, type Session } from '../api/session';
import { Link } from '../router/router';
import { ask } from './asked';

const SCHEMES = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** What is in the menu of whoever is signed in. */
export function AccountItems({ session }: { session: Session }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({ mutationFn: signOut });
  return (
    <>
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
    </>
  );
}
