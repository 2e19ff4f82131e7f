import '@mantine/spotlight/styles.layer.css';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useState } from 'react';
import { hrefOf, navigate } from '../router/router';
import { useFound, type Found } from './found';

const [store, { open }] = createSpotlight();

/** Open from the start: it is there as long as it is open. */
function begin(): string {
  open();
  return '';
}

/** Finds a reader, an article, an edition, a page, or something to do. */
export function Palette({ close }: { close: () => void }) {
  const [typed, setTyped] = useState(begin);
  return (
    <Spotlight.Root
      store={store}
      query={typed}
      onQueryChange={setTyped}
      onSpotlightClose={close}
      shortcut={null}
      scrollable
      centered={false}
      yOffset="12vh"
      overlayProps={{ blur: 0 }}
      maxHeight={480}
      attributes={{ content: { 'aria-label': 'Find' } }}
      transitionProps={{ duration: 0 }}
    >
      <Spotlight.Search
        aria-label="Find"
        placeholder="A reader, an article, an edition, or something to do"
      />
      <Results typed={typed} close={close} />
    </Spotlight.Root>
  );
}

/** Asks for nothing before somebody looks for something. */
function Results({ typed, close }: { typed: string; close: () => void }) {
  const groups = useFound(typed);
  return (
    <Spotlight.ActionsList>
      {groups.length === 0 && <Spotlight.Empty>Nothing fits.</Spotlight.Empty>}
      {groups.map(({ label, found }) => (
        <Spotlight.ActionsGroup key={label} label={label}>
          {found.map((one) => (
            <Spotlight.Action
              key={one.to}
              label={one.label}
              description={one.about}
              onClick={() => {
                close();
                goTo(one);
              }}
            />
          ))}
        </Spotlight.ActionsGroup>
      ))}
    </Spotlight.ActionsList>
  );
}

function goTo({ to, isOutside }: Found): void {
  if (isOutside) window.location.assign(hrefOf(to));
  else navigate(to);
}
