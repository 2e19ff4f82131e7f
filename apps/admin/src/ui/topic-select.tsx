import { MultiSelect, type MultiSelectProps } from '@mantine/core';
import { useTopics } from '../api/queries';
import { Link } from '../router/router';

/** Chooses topics by id; says where to make some when there are none. */
export function TopicSelect({ description, ...props }: MultiSelectProps) {
  const topics = useTopics();
  const data = (topics.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const none = topics.data?.length === 0;
  return (
    <MultiSelect
      label="Topics"
      {...props}
      data={data}
      disabled={none}
      searchable
      clearable
      description={
        none ? (
          <>
            There are no topics yet: <Link to="/topics">make some</Link>.
          </>
        ) : (
          description
        )
      }
    />
  );
}
