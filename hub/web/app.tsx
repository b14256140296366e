import { QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enGB from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import 'dayjs/locale/en-gb';
import { useEffect, useMemo, useState } from 'react';
import { createBrowserRouter, type RouteObject, RouterProvider } from 'react-router';
import { FloorPage } from './floor/floor-page.tsx';
import { Broken } from './frame/broken.tsx';
import { fetched } from './frame/fetched.ts';
import { Frame } from './frame/frame.tsx';
import { NotFound } from './frame/not-found.tsx';
import { Loading } from './frame/states.tsx';
import { createCache } from './http/cache.ts';
import { useLanguage } from './i18n/i18n.ts';
import { RequireSession } from './session/require-session.tsx';
import { SignInPage } from './session/sign-in-page.tsx';
import { SetUpPage } from './setup/set-up-page.tsx';
import { PaletteContext, useStillness, useSurroundings } from './surroundings.tsx';
import { antTheme } from './theme.ts';

const routes: RouteObject[] = [
  {
    ErrorBoundary: Broken,
    HydrateFallback: Loading,
    children: [
      { path: '/setup', Component: SetUpPage },
      { path: '/sign-in', Component: SignInPage },
      {
        Component: RequireSession,
        children: [
          {
            Component: Frame,
            children: [
              {
                ErrorBoundary: Broken,
                children: [
                  { index: true, Component: FloorPage },
                  { path: 'scores', lazy: fetched(async () => (await import('./scores/scores-page.tsx')).ScoresPage) },
                  {
                    path: 'recordings',
                    lazy: fetched(async () => (await import('./recordings/recordings-page.tsx')).RecordingsPage),
                  },
                  {
                    path: 'recordings/rules',
                    lazy: fetched(async () => (await import('./recordings/rules-page.tsx')).RulesPage),
                  },
                  {
                    path: 'recordings/:recording',
                    lazy: fetched(async () => (await import('./recordings/recording-page.tsx')).RecordingPage),
                  },
                  { path: 'cases', lazy: fetched(async () => (await import('./cases/cases-page.tsx')).CasesPage) },
                  {
                    path: 'services/:service',
                    lazy: fetched(async () => (await import('./services/service-page.tsx')).ServicePage),
                  },
                  {
                    path: 'terminals/:tab?',
                    lazy: fetched(async () => (await import('./terminals/terminals-page.tsx')).TerminalsPage),
                  },
                  {
                    path: 'people/:tab?',
                    lazy: fetched(async () => (await import('./people/people-page.tsx')).PeoplePage),
                  },
                  { path: 'audit', lazy: fetched(async () => (await import('./audit/audit-page.tsx')).AuditPage) },
                  {
                    path: 'audit/clerks/:clerk',
                    lazy: fetched(async () => (await import('./audit/hearings-page.tsx')).HearingsPage),
                  },
                  {
                    path: 'account',
                    lazy: fetched(async () => (await import('./account/account-page.tsx')).AccountPage),
                  },
                  { path: '*', Component: NotFound },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
];

/** The whole dashboard: theme, language, what is known of the hub, and the pages. */
export function App() {
  const { isDark, palette } = useSurroundings();
  const language = useLanguage();
  const isStill = useStillness();
  const theme = useMemo(() => antTheme(palette, isDark, isStill), [palette, isDark, isStill]);
  const [cache] = useState(createCache);
  const [router] = useState(() => createBrowserRouter(routes));
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en-gb');
  }, [language]);
  return (
    <PaletteContext value={palette}>
      <ConfigProvider theme={theme} locale={language === 'zh' ? zhCN : enGB} button={{ autoInsertSpace: false }}>
        <AntApp>
          <QueryClientProvider client={cache}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </AntApp>
      </ConfigProvider>
    </PaletteContext>
  );
}
