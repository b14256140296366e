import './levels.css';

/**
 * The shape of each level, so that colour never speaks alone: the better, the fuller; bad ones point down.
 * Drawn in a box of 16 units.
 */
const shapes: Readonly<Record<string, string>> = {
  'very-satisfied': 'M4 1h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3z',
  satisfied: 'M8 1.4a6.6 6.6 0 1 1 0 13.2a6.6 6.6 0 1 1 0-13.2z',
  'basically-satisfied': 'M8 1.6 14.6 6.4 12.1 14.2H3.9L1.4 6.4z',
  average: 'M8 0.8 15.2 8 8 15.2 0.8 8z',
  dissatisfied: 'M1.6 2.2h12.8a.8.8 0 0 1 .7 1.2L8.7 14.4a.8.8 0 0 1-1.4 0L.9 3.4a.8.8 0 0 1 .7-1.2z',
  'very-dissatisfied': 'M4.4 1 8 4.6 11.6 1 15 4.4 11.4 8 15 11.6 11.6 15 8 11.4 4.4 15 1 11.6 4.6 8 1 4.4z',
};

interface MarkProps {
  level: string | null;
  size?: number;
  /** Drawn as an outline without the level's colour: a rating that is in no score. */
  apart?: boolean;
}

/** A level, or a service without one (a hollow ring), as a small drawing. Words stand beside it, or around it for screen readers. */
export function Mark({ level, size = 14, apart = false }: MarkProps) {
  const shape = level === null ? undefined : shapes[level];
  return (
    <svg className="mark" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      {level !== null && shape !== undefined ? (
        <path className={apart ? 'mark-apart' : ''} d={shape} fill={`var(--${level})`} />
      ) : (
        <circle cx="8" cy="8" r="5.6" fill="none" stroke="var(--unrated)" strokeWidth="2.6" />
      )}
    </svg>
  );
}
