import { Tooltip } from 'antd';
import type { SyntheticEvent } from 'react';
import './help.css';

/** A word with a sentence that explains it: on hover, on focus, on a tap, and in the name of its sign for screen readers. */
export function Help({ word, help }: { word: string; help: string }) {
  return (
    <span className="help">
      {word}
      <Tooltip title={help} trigger={['hover', 'focus']}>
        <button
          type="button"
          className="help-sign"
          aria-label={`${word}: ${help}`}
          onClick={keepToItself}
          onKeyDown={keepToItself}
        >
          <span aria-hidden="true">?</span>
        </button>
      </Tooltip>
    </span>
  );
}

/** In the head of a column a press would sort it. */
function keepToItself(event: SyntheticEvent): void {
  event.stopPropagation();
}
