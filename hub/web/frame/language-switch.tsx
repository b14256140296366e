import { TranslationOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, useLanguage } from '../i18n/i18n.ts';

/** Changes between Chinese and English; `label` is the name of the other one. */
export function LanguageSwitch({ label }: { label: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Button
      type="text"
      icon={<TranslationOutlined aria-hidden />}
      aria-label={t('nav.languageLabel')}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => void chooseLanguage(other)}
    >
      <span className="nav-word">{label}</span>
    </Button>
  );
}
