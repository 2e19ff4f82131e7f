import { Modal, Switch, Table } from '@mantine/core';
import { useState } from 'react';
import type { Permission } from '../api/types';
import { areSingleKeysOn, GO, setSingleKeys } from '../shell/shortcuts';

interface HelpSheetProps {
  close: () => void;
  may: (permission: Permission | undefined) => boolean;
}

/** Which keys do what. */
export function HelpSheet({ close, may }: HelpSheetProps) {
  const [isOn, setOn] = useState(areSingleKeysOn);
  const turn = (on: boolean) => {
    setSingleKeys(on);
    setOn(on);
  };
  const keys: [keys: string[], does: string][] = [
    [['Ctrl', 'K'], 'Find a reader, an article, an edition, or something to do (⌘ K on a Mac)'],
    [['/'], 'The same'],
    ...GO.filter(({ needs }) => may(needs)).map(({ key, label }): [string[], string] => [['g', key], label]),
    [['?'], 'This list'],
  ];
  return (
    <Modal opened onClose={close} title="Keyboard shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Table aria-label="Keyboard shortcuts">
        <Table.Tbody>
          {keys.map(([pressed, does]) => (
            <Table.Tr key={pressed.join(' ')}>
              <Table.Td w={110}>
                {pressed.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="md"
        label="Single keys"
        description="Off: only those with Ctrl or ⌘ do anything."
        checked={isOn}
        onChange={({ currentTarget }) => turn(currentTarget.checked)}
      />
    </Modal>
  );
}
