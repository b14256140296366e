import type { ReactNode } from 'react';

interface ItemProps {
  title: ReactNode;
  detail: string;
  when?: string;
  action: ReactNode;
}

/** One thing that needs a person, with the way to it. */
export function Item({ title, detail, when, action }: ItemProps) {
  return (
    <li className="card attention-item">
      <b>{title}</b>
      <p>{detail}</p>
      <p className="muted">
        <span>{when}</span>
        {action}
      </p>
    </li>
  );
}
