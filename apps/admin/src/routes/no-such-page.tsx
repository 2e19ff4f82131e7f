import { Link } from '../router/router';
import { PageHead } from '../ui/page-head';

export function NoSuchPage() {
  return (
    <>
      <PageHead title="There is no such page" />
      <Link to="/">Back to today</Link>
    </>
  );
}
