import { useEditionLinks } from '../../api/queries';
import { countOf, showNumber } from '../../ui/format';

/** What those readers did who agreed to be measured; nothing where nobody is. */
export function MeasuredReaders({ editionId }: { editionId: string }) {
  const { data } = useEditionLinks(editionId);
  if (!data?.measured) return null;
  const { readers, openedBy, clickedBy, prefetched } = data.measured;
  const shown: [name: string, label: string, value: string][] = [
    ['readers', 'Agreed to be measured', showNumber(readers)],
    ['openedBy', 'Opened it', countOf(openedBy, readers)],
    ['clickedBy', 'Followed a link', countOf(clickedBy, readers)],
    ['prefetched', 'Only fetched by a program', countOf(prefetched, readers)],
  ];
  return (
    <>
      <h3>Readers who agreed to be measured</h3>
      <dl className="counts">
        {shown.map(([name, label, value]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd data-measured={name}>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
