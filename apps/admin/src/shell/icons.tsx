/** Drawn on 20 × 20, with the colour of the text around. */
const PATHS: Record<string, string> = {
  today: 'M3 9.5 10 4l7 5.5V17h-5v-4.5H8V17H3z',
  calendar: 'M3.5 5h13v12h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5',
  newsroom: 'M3 4.5h11V17H5a2 2 0 0 1-2-2zM14 8h3v7a2 2 0 0 1-2 2M5.5 7.5h6M5.5 10.5h6M5.5 13.5h4',
  editions: 'M3 5h14v10.5H3zM3.5 5.5 10 11l6.5-5.5',
  digests: 'M4 3.5h9.5L16 6v10.5H4zM7 8h6M7 11h6M7 14h3.5',
  readers:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2.4-5 5.5-5s5.5 2 5.5 5M13 4a3 3 0 0 1 0 5.5M15 12.5c1.8.7 3 2.3 3 4.5',
  insights: 'M3 17h14M5 14V9M9 14V4M13 14v-4M16.5 14V7',
  delivery: 'M3 10 17 3.5 13 17l-3.5-5zM9.5 12 17 3.5',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5 17 17',
  person: 'M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17c0-3.2 2.9-5 6.5-5s6.5 1.8 6.5 5',
  more: 'M3 6h14M3 10h14M3 14h14',
};

/** An icon beside its word, which says what it means. */
export function Icon({ name }: { name: string }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
