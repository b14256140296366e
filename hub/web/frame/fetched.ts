import type { ComponentType } from 'react';

/** The code of a page could not be fetched: the hub is away, or has been renewed since this dashboard was loaded. */
export class NotFetched extends Error {}

/** A page whose code is fetched when somebody first goes to it. */
export function fetched(load: () => Promise<ComponentType>): () => Promise<{ Component: ComponentType }> {
  return async () => {
    try {
      return { Component: await load() };
    } catch (cause) {
      throw new NotFetched('the code of the page could not be fetched', { cause });
    }
  };
}
