import type { ReactNode } from 'react';
import './figure.css';

/** One large figure with what it is above it, and what it rests on below. */
export function Figure({ over, under, children }: { over: ReactNode; under: ReactNode; children: ReactNode }) {
  return (
    <div className="card figure">
      <span className="muted">{over}</span>
      <b>{children}</b>
      <span className="muted">{under}</span>
    </div>
  );
}
