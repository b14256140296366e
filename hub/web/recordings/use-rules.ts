import type { Site } from '@manyi/config/api';
import { downloader, recordingPolicy, retention } from '@manyi/config/recordings';
import { useQuery } from '@tanstack/react-query';
import { read, readAll } from '../http/client.ts';

/** Where the rules of a site lie. */
export const policyPath = ({ id }: Site) => `/sites/${id}/recording-policy`;
export const retentionPath = ({ id }: Site) => `/sites/${id}/recording-retention`;
export const downloadersPath = '/recordings/downloaders';

/** What a site's terminals record. */
export function usePolicy(site: Site) {
  return useQuery({ queryKey: ['recording-policy', site.id], queryFn: () => read(recordingPolicy, policyPath(site)) });
}

/** How many days a site keeps its recordings. */
export function useRetention(site: Site) {
  return useQuery({ queryKey: ['recording-retention', site.id], queryFn: () => read(retention, retentionPath(site)) });
}

/** Who may download recordings; only administrators may see that. */
export function useDownloaders() {
  return useQuery({ queryKey: ['downloaders'], queryFn: () => readAll(downloader, downloadersPath) });
}
