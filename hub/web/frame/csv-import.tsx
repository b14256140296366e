import { UploadOutlined } from '@ant-design/icons';
import { type ImportReport, importReport } from '@manyi/config/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Table } from 'antd';
import type { TFunction } from 'i18next';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { send } from '../http/client.ts';
import './csv-import.css';
import { complaintWords } from './cause.ts';
import { Refused } from './states.tsx';

interface CsvImportProps {
  /** Where the hub takes the table. */
  path: string;
  /** What the table is, which columns it has, and how it looks. */
  lead: string;
  columns: string;
  example: string;
  /** The first words of the keys that are to be read again afterwards. */
  changes: readonly string[];
}

/** Takes a table from a CSV file or pasted lines, and says of each refused line why. */
export function CsvImport({ path, lead, columns, example, changes }: CsvImportProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const taking = useImport(path, changes);
  return (
    <div className="import">
      <section className="card">
        <p>{lead}</p>
        <p className="muted">{columns}</p>
        <pre className="code">{example}</pre>
        <div className="tools">
          <Button
            type="primary"
            icon={<UploadOutlined aria-hidden />}
            loading={taking.isPending}
            onClick={() => file.current?.click()}
          >
            {t('people.import.choose')}
          </Button>
          <label htmlFor="import-text" className="muted">
            {t('people.import.or')}
          </label>
        </div>
        <input
          ref={file}
          type="file"
          accept=".csv,text/csv,text/plain"
          style={{ display: 'none' }}
          onChange={(event) => {
            const [chosen] = event.target.files ?? [];
            if (chosen !== undefined) taking.mutate(chosen);
            event.target.value = '';
          }}
        />
        <Input.TextArea
          id="import-text"
          className="code"
          rows={7}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="form-end">
          <Button
            disabled={text.trim() === ''}
            loading={taking.isPending}
            onClick={() => taking.mutate(new Blob([text]))}
          >
            {t('people.import.submit')}
          </Button>
        </div>
      </section>
      <section className="card" aria-live="polite">
        {taking.error && <Refused error={taking.error} />}
        {taking.isPending && <p className="muted">{t('people.import.working')}</p>}
        {taking.isSuccess && <Report report={taking.data} />}
        {taking.isIdle && <p className="muted">{t('people.import.empty')}</p>}
      </section>
    </div>
  );
}

function useImport(path: string, changes: readonly string[]) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (lines: Blob) => send(importReport, 'POST', path, lines, 'text/csv'),
    onSuccess: () => Promise.all(changes.map((key) => cache.invalidateQueries({ queryKey: [key] }))),
  });
}

function Report({ report: { added, changed, refused } }: { report: ImportReport }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="import-sums">
        <span>
          <b>{added}</b> {t('people.import.added')}
        </span>
        <span>
          <b>{changed}</b> {t('people.import.changed')}
        </span>
        <span className={refused.length > 0 ? 'refused' : ''}>
          <b>{refused.length}</b> {t('people.import.refused')}
        </span>
      </p>
      {refused.length === 0 ? (
        <p className="muted">{t('people.import.allTaken')}</p>
      ) : (
        <Table
          rowKey="line"
          size="small"
          pagination={false}
          dataSource={refused}
          columns={[
            { title: t('people.import.line'), dataIndex: 'line', width: 70 },
            { title: t('people.import.reason'), render: (_, line) => why(line, t) },
          ]}
        />
      )}
    </>
  );
}

/** In the language in force where the cause is known; what a column does not take is told by the hub. */
function why({ reason, kind, columns }: ImportReport['refused'][number], t: TFunction): ReactNode {
  if (kind !== undefined) return t(`errors.kinds.${kind}`);
  if (columns === undefined) return reason;
  return (
    <>
      {t('people.import.wrongCells', { columns: columns.join(', ') })}
      <div className="muted">{complaintWords(reason, t)}</div>
    </>
  );
}
