import { type AgentSettings, agentSettings, readSettings } from '@manyi/config/settings';

/** The agent's settings from this process's environment. Throws SettingsError: one line that names what is wrong. */
export function settingsOfProcess(): AgentSettings {
  return readSettings(agentSettings, process.env);
}

/** Which of the product's languages the person at this process reads: Chinese if the system says so, else English. */
export function languageOfProcess(): 'zh' | 'en' {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh' : 'en';
}
