import { NativeSelect, Table } from '@mantine/core';
import { useOne } from '../api/queries';
import type { ReportedSource } from '../api/types';
import { setQueryParams, useQueryParams } from '../router/router';
import { countOf, showNumber, showTime } from '../ui/format';
import { Empty, Loaded } from '../ui/states';
import { WideTable } from '../ui/wide-table';

const PERIODS: Record<string, string> = {
  '7': 'the last 7 days',
  '30': 'the last 30 days',
  '90': 'the last 90 days',
  '366': 'the last year',
};
const DEFAULT = '30';
const isNumber = true as const;
const COLUMNS = [
  'Address',
  ...['Messages', 'Passed', 'Failed', 'By DKIM', 'By SPF', 'Stopped', 'Reporters'].map((name) => ({
    name,
    isNumber,
  })),
  'Last report',
];

/** From which addresses mail came in our name, by the DMARC reports of receivers. */
export function ReportedSources() {
  const asked = useQueryParams().get('days') ?? '';
  const days = Object.hasOwn(PERIODS, asked) ? asked : DEFAULT;
  const sources = useOne('/deliverability/sources', undefined, { days: Number(days) });
  return (
    <>
      <NativeSelect
        label="DMARC reports of"
        w={200}
        mb="md"
        data={Object.entries(PERIODS).map(([value, label]) => ({ value, label }))}
        value={days}
        onChange={(event) => setQueryParams({ days: event.currentTarget.value })}
      />
      <Loaded of={sources}>
        {({ data }) =>
          data.length > 0 ? (
            <WideTable label="Sources of mail in your name" columns={COLUMNS}>
              {data.map((source) => (
                <SourceRow key={source.sourceIp} source={source} />
              ))}
            </WideTable>
          ) : (
            <Empty>
              No report has come. Receivers send them to the address that your DMARC record names in rua.
            </Empty>
          )
        }
      </Loaded>
    </>
  );
}

function SourceRow({ source }: { source: ReportedSource }) {
  const { sourceIp, messages, passed, failed, dkimPassed, spfPassed, stopped, reporters, lastAt } = source;
  return (
    <Table.Tr>
      <Table.Th scope="row" className="mono">
        {sourceIp}
      </Table.Th>
      <Table.Td className="number">{showNumber(messages)}</Table.Td>
      <Table.Td className="number">{countOf(passed, messages)}</Table.Td>
      <Table.Td className="number">{countOf(failed, messages)}</Table.Td>
      <Table.Td className="number">{showNumber(dkimPassed)}</Table.Td>
      <Table.Td className="number">{showNumber(spfPassed)}</Table.Td>
      <Table.Td className="number">{countOf(stopped, messages)}</Table.Td>
      <Table.Td className="number">{showNumber(reporters)}</Table.Td>
      <Table.Td className="small unbroken">{showTime(lastAt)}</Table.Td>
    </Table.Tr>
  );
}
