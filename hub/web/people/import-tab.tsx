import type { Site } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { CsvImport } from '../frame/csv-import.tsx';

const example = 'id,name,number,stars,badge\nC0017,林晓雯,0017,4,0008231947\nC0018,张伟,0018,,';

/** Takes a list of clerks from a table. */
export function ImportTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  return (
    <CsvImport
      path={`/clerks/import?site=${site.id}`}
      lead={t('people.import.lead')}
      columns={t('people.import.columns')}
      example={example}
      changes={['clerks', 'badges', 'floor']}
    />
  );
}
