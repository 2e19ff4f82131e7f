import { useCalendar } from '../api/queries';
import { Entries } from '../calendar/entries';
import { Link } from '../router/router';
import { Section } from '../ui/page-head';
import { Empty, Loaded } from '../ui/states';

/** What goes out until this time tomorrow. What has begun or was skipped is said elsewhere. */
export function NextDay() {
  const calendar = useCalendar(1);
  return (
    <Section title="The next 24 hours">
      <Loaded of={calendar}>
        {({ data }) => {
          const coming = data.filter(
            ({ status }) => status === 'planned' || status === 'scheduled' || status === 'open',
          );
          return coming.length > 0 ? (
            <Entries isPlain entries={coming} />
          ) : (
            <Empty>Nothing is to go out.</Empty>
          );
        }}
      </Loaded>
      <p className="small">
        <Link to="/calendar">The calendar</Link>
      </p>
    </Section>
  );
}
