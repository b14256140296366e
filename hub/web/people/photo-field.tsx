import type { Clerk } from '@manyi/config/api';
import { Button } from 'antd';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toPortrait } from './picture.ts';
import { Portrait } from './portrait.tsx';

/** What is to become of a clerk's photo: a new one, none, or (undefined) as it is. */
export type PhotoChange = Blob | null | undefined;

interface PhotoFieldProps {
  clerk: Partial<Clerk>;
  change: PhotoChange;
  choose: (change: PhotoChange) => void;
}

/** The choice of a clerk's photo; whatever the camera made is cut and made small before it is sent. */
export function PhotoField({ clerk, change, choose }: PhotoFieldProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState(false);
  const errorId = useId();
  const preview = useMemo(() => (change instanceof Blob ? URL.createObjectURL(change) : null), [change]);
  useEffect(() => () => void (preview !== null && URL.revokeObjectURL(preview)), [preview]);
  const photo = change === undefined ? (clerk.photo ?? null) : preview;

  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const portrait = await toPortrait(file);
    setRefused(portrait === null);
    if (portrait !== null) choose(portrait);
  };

  return (
    <div className="photo-field">
      <Portrait clerk={{ ...clerk, photo }} size={84} />
      <div>
        <Button onClick={() => input.current?.click()} aria-describedby={refused ? errorId : undefined}>
          {t('people.clerk.choosePhoto')}
        </Button>
        {photo !== null && (
          <Button type="link" danger onClick={() => choose(null)}>
            {t('people.clerk.removePhoto')}
          </Button>
        )}
        <p className="muted">{t('people.clerk.photoHint')}</p>
        {refused && (
          <p id={errorId} role="alert" className="refused">
            {t('people.clerk.photoUnreadable')}
          </p>
        )}
      </div>
      <input
        ref={input}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        style={{ display: 'none' }}
        onChange={(event) => void take(event.target.files?.[0])}
      />
    </div>
  );
}
