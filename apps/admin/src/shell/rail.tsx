import { Link, hrefOf } from '../router/router';
import type { Area, Place } from './areas';
import { placeOf } from './areas';
import { Icon } from './icons';

interface RailProps {
  areas: Area[];
  path: string;
  /** Of every area, not only of the one that is open. */
  isWhole?: boolean;
}

/** The areas, and the pages of the one that is open. */
export function Rail({ areas, path, isWhole = false }: RailProps) {
  const here = placeOf(areas, path);
  return (
    <ul className="areas">
      {areas.map((area) => {
        const isHere = area.label === here?.area.label;
        const [first] = area.places as [Place];
        const hasPages = area.places.length > 1;
        return (
          <li key={area.label}>
            <Link
              className="area"
              to={first.to}
              data-here={isHere || undefined}
              aria-current={isHere && !hasPages ? 'page' : undefined}
            >
              <Icon name={area.icon} />
              {area.label}
            </Link>
            {hasPages && (isHere || isWhole) && <Places area={area} here={here?.place} />}
          </li>
        );
      })}
    </ul>
  );
}

/** The pages of an area. */
export function Places({ area, here }: { area: Area; here: Place | undefined }) {
  return (
    <ul className="places">
      {area.places.map((place) => (
        <li key={place.to}>
          {place.isOutside ? (
            <a href={hrefOf(place.to)}>{place.label}</a>
          ) : (
            <Link to={place.to} aria-current={place.to === here?.to ? 'page' : undefined}>
              {place.label}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
