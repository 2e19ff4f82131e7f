import { untilText } from './spoken';
import { useNow } from './use-now';

const SECOND_MS = 1_000;

/** How long it is until then: `in 19 min`, and by the second in the last two minutes. */
export function Countdown({ to }: { to: string }) {
  const now = useNow(SECOND_MS);
  return <span className="countdown">{untilText(new Date(to).getTime() - now)}</span>;
}
