import { useOne, usePublication } from '../api/queries';
import { addDays, dayIn, startOf } from '../numbers/days';
import { Link } from '../router/router';
import { showNumber } from '../ui/format';
import { Section } from '../ui/page-head';
import { Loaded } from '../ui/states';

/** What came of yesterday, by the publication's calendar. */
export function Yesterday() {
  const publication = usePublication();
  return (
    <Section title="Yesterday">
      <Loaded of={publication}>{({ timeZone }) => <Numbers timeZone={timeZone} />}</Loaded>
    </Section>
  );
}

function Numbers({ timeZone }: { timeZone: string }) {
  const today = dayIn(timeZone, new Date());
  const day = addDays(today, -1);
  const span = { from: startOf(day, timeZone), to: startOf(today, timeZone) };
  const audience = useOne('/stats/audience', undefined, { ...span, by: 'day' });
  const editions = useOne('/stats/editions', undefined, span);
  const accepted = editions.data?.total.accepted;
  return (
    <Loaded of={audience}>
      {({ total }) => {
        const shown: [label: string, value: number | undefined][] = [
          ['accepted', accepted],
          ['signed up', total.signUps],
          ['left', total.left],
          ['bounced', total.bounced],
          ['complained', total.complained],
        ];
        return (
          <>
            <dl className="counts">
              {shown.map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value === undefined ? '…' : showNumber(value)}</dd>
                </div>
              ))}
            </dl>
            <p className="small">
              <Link to={`/insights?from=${day}&to=${day}`}>More of it</Link>
            </p>
          </>
        );
      }}
    </Loaded>
  );
}
