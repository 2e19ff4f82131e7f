import { Agenda } from '../slots/agenda';
import { HeldSlots } from '../slots/held-slots';
import { PageHead } from '../ui/page-head';

const DAYS = 14;

/** Everything that will go out, by a schedule or by hand. */
export function CalendarPage() {
  return (
    <>
      <PageHead title="Calendar" />
      <HeldSlots />
      <Agenda days={DAYS} />
    </>
  );
}
