import { type AgentSettings, agentSettings, readSettings } from '@manyi/config/settings';

/** The agent's settings from this process's environment. Throws SettingsError: one line that names what is wrong. */
export function settingsOfProcess(): AgentSettings {
  return readSettings(agentSettings, process.env);
}
