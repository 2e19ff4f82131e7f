import { Link } from '../router/router';
import { placeOf, type Area, type Place } from './areas';
import { Icon } from './icons';
import { Rail } from './rail';

/** Areas that a telephone shows without asking; the rest is one touch away. */
const AT_HAND = ['Today', 'Newsroom', 'Editions', 'Readers'];
const SHEET = 'all-areas';

/** The rail of a telephone. */
export function BottomBar({ areas, path }: { areas: Area[]; path: string }) {
  const here = placeOf(areas, path)?.area.label;
  const atHand = areas.filter(({ label }) => AT_HAND.includes(label));
  return (
    <>
      <nav className="bar" aria-label="Main">
        {atHand.map(({ label, icon, places }) => (
          <Link key={label} to={(places[0] as Place).to} aria-current={here === label ? 'page' : undefined}>
            <Icon name={icon} />
            {label}
          </Link>
        ))}
        <button type="button" popoverTarget={SHEET}>
          <Icon name="more" />
          More
        </button>
      </nav>
      <nav id={SHEET} className="sheet" popover="auto" aria-label="All pages" onClick={closeAfterLink}>
        <Rail areas={areas} path={path} isWhole />
      </nav>
    </>
  );
}

/** A page was chosen in it. */
export function closeAfterLink({ target, currentTarget }: React.MouseEvent<HTMLElement>): void {
  if (target instanceof Element && target.closest('a')) currentTarget.hidePopover();
}
