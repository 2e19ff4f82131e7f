import {
  closestCorners,
  DndContext,
  DragOverlay,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
  type DragEndEvent,
  type DragOverEvent,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { useState, type ReactNode } from 'react';
import { inserted, moved, SECTIONS, stepped, type Section, type Story } from './draft';
import { StoryCard } from './story-card';
import { StorySearch, type FoundStory } from './story-search';

interface StoryBoardProps {
  stories: Story[];
  onChange: (stories: Story[]) => void;
  /** What is wrong with a story, by its id. */
  problems: ReadonlyMap<string, string[]>;
}

const NAMES: Readonly<Record<Section, { title: string; empty: string }>> = {
  lead: { title: 'Lead', empty: 'The story that opens the mail, large. Without one the first below leads.' },
  main: { title: 'Main', empty: 'Drag stories here, or find them above.' },
  brief: { title: 'In brief', empty: 'Short notices at the end: a headline and a sentence each.' },
};
/** What is dragged out of the search is none of the stories yet. */
const FOUND = 'found:';

/** The stories of an edition in their sections, by mouse, finger or keyboard. */
export function StoryBoard({ stories, onChange, problems }: StoryBoardProps) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [found, setFound] = useState<FoundStory[]>([]);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const add = (story: FoundStory, section?: Section, before?: string) => {
    const place = section ?? (stories.length === 0 ? 'lead' : 'main');
    onChange(inserted(stories, { ...story, section: place }, before));
  };
  const isSection = (id: string): id is Section => (SECTIONS as readonly string[]).includes(id);
  const placeOf = (over: string): { section: Section; before?: string } | null => {
    if (isSection(over)) return { section: over };
    const story = stories.find(({ articleId }) => articleId === over);
    return story ? { section: story.section, before: story.articleId } : null;
  };

  /** Into another section while it is dragged, so that there is room for it. */
  const over = ({ active, over: target }: DragOverEvent) => {
    const id = String(active.id);
    const place = target && placeOf(String(target.id));
    const story = stories.find(({ articleId }) => articleId === id);
    if (!place || !story || story.section === place.section) return;
    onChange(moved(stories, id, place.section, place.before));
  };
  const end = ({ active, over: target }: DragEndEvent) => {
    setDragged(null);
    const id = String(active.id);
    const place = target && placeOf(String(target.id));
    if (!place || id === String(target?.id)) return;
    if (id.startsWith(FOUND)) {
      const story = found.find(({ articleId }) => FOUND + articleId === id);
      if (story) add(story, place.section, place.before);
      return;
    }
    const from = stories.findIndex(({ articleId }) => articleId === id);
    const to = stories.findIndex(({ articleId }) => articleId === place.before);
    if (to < 0) {
      onChange(moved(stories, id, place.section));
      return;
    }
    // Down the list it stands after what it was dropped on, as the others have moved up meanwhile.
    const before = to > from ? stories[to + 1] : stories[to];
    const isLast = before?.section !== place.section;
    onChange(moved(stories, id, place.section, isLast ? undefined : before?.articleId));
  };
  const titleOf = (id: string) =>
    [...stories, ...found].find(({ articleId }) => articleId === id.replace(FOUND, ''))?.title ?? 'The story';
  /** `Main`, or of a place in it: `The bridge is open, in Main`. */
  const placeName = (id: string) => {
    const place = placeOf(id);
    if (!place) return 'the search';
    return `${place.before === undefined ? '' : `${titleOf(id)}, in `}${NAMES[place.section].title}`;
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCorners}
      onDragStart={({ active }) => setDragged(String(active.id))}
      onDragOver={over}
      onDragEnd={end}
      onDragCancel={() => setDragged(null)}
      accessibility={{
        screenReaderInstructions: {
          draggable:
            'Press space to lift the story, the arrow keys to move it, space again to drop it, escape to leave it.',
        },
        announcements: {
          onDragStart: ({ active }) => `${titleOf(String(active.id))} is lifted.`,
          onDragOver: ({ active, over: target }) =>
            target ? `${titleOf(String(active.id))} is over ${placeName(String(target.id))}.` : undefined,
          onDragEnd: ({ active, over: target }) =>
            `${titleOf(String(active.id))} is dropped${target ? ` at ${placeName(String(target.id))}` : ''}.`,
          onDragCancel: ({ active }) => `${titleOf(String(active.id))} stays where it was.`,
        },
      }}
    >
      <StorySearch
        taken={stories.map(({ articleId }) => articleId)}
        onFound={setFound}
        onAdd={(story) => add(story)}
        handle={(story, children) => <Found story={story}>{children}</Found>}
      />
      {SECTIONS.map((section) => {
        const own = stories.filter((story) => story.section === section);
        return (
          <SectionBox key={section} section={section}>
            <SortableContext
              items={own.map(({ articleId }) => articleId)}
              strategy={verticalListSortingStrategy}
            >
              <ol className="story-list" aria-label={NAMES[section].title}>
                {own.map((story) => (
                  <Sorted
                    key={story.articleId}
                    story={story}
                    problems={problems.get(story.articleId) ?? []}
                    onStep={(step) => onChange(stepped(stories, story.articleId, step))}
                    onSection={(to) => onChange(moved(stories, story.articleId, to))}
                    onRemove={() =>
                      onChange(stories.filter(({ articleId }) => articleId !== story.articleId))
                    }
                  />
                ))}
              </ol>
            </SortableContext>
            {own.length === 0 && <p className="section-empty">{NAMES[section].empty}</p>}
          </SectionBox>
        );
      })}
      <DragOverlay>{dragged && <div className="story-card is-lifted">{titleOf(dragged)}</div>}</DragOverlay>
    </DndContext>
  );
}

function SectionBox({ section, children }: { section: Section; children: ReactNode }) {
  const { setNodeRef, isOver } = useDroppable({ id: section });
  return (
    <div ref={setNodeRef} className="story-section" data-over={isOver || undefined}>
      <h3>{NAMES[section].title}</h3>
      {children}
    </div>
  );
}

interface SortedProps {
  story: Story;
  problems: string[];
  onStep: (step: -1 | 1) => void;
  onSection: (section: Section) => void;
  onRemove: () => void;
}

function Sorted({ story, ...rest }: SortedProps) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({
      id: story.articleId,
    });
  const style = { transform: CSS.Translate.toString(transform), transition };
  return (
    <li ref={setNodeRef} style={style} data-dragged={isDragging || undefined}>
      <StoryCard
        story={story}
        {...rest}
        grip={
          <button
            type="button"
            className="grip"
            ref={setActivatorNodeRef}
            {...attributes}
            {...listeners}
            aria-label={`Move ${story.title}`}
          >
            ⠿
          </button>
        }
      />
    </li>
  );
}

function Found({ story, children }: { story: FoundStory; children: ReactNode }) {
  const { setNodeRef, listeners, attributes } = useDraggable({ id: FOUND + story.articleId });
  const { role: _role, tabIndex: _tabIndex, ...rest } = attributes; // by keyboard it is added, not dragged
  return (
    <span ref={setNodeRef} className="found-title" {...rest} {...listeners}>
      {children}
    </span>
  );
}
