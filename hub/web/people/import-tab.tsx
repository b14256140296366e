import { UploadOutlined } from '@ant-design/icons';
import { type ImportReport, importReport, type Site } from '@manyi/config/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Table } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refused } from '../frame/edit-drawer.tsx';
import { send } from '../http/client.ts';

const example = 'id,name,number,stars,badge\nC0017,林晓雯,0017,4,0008231947\nC0018,张伟,0018,,';

/** Takes a list of clerks from a CSV file or pasted lines, and says of each refused line why. */
export function ImportTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const taking = useImport(site);
  return (
    <div className="import">
      <section className="card">
        <p>{t('people.import.lead')}</p>
        <p className="muted">{t('people.import.columns')}</p>
        <pre className="code">{example}</pre>
        <div className="tools">
          <Button
            type="primary"
            icon={<UploadOutlined />}
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
        {taking.data ? (
          <Report report={taking.data} />
        ) : (
          !taking.error && <p className="muted">{t('people.import.empty')}</p>
        )}
      </section>
    </div>
  );
}

function useImport(site: Site) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (lines: Blob) => send(importReport, 'POST', `/clerks/import?site=${site.id}`, lines, 'text/csv'),
    onSuccess: () =>
      Promise.all(['clerks', 'badges', 'floor'].map((key) => cache.invalidateQueries({ queryKey: [key] }))),
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
            { title: t('people.import.reason'), dataIndex: 'reason' },
          ]}
        />
      )}
    </>
  );
}
