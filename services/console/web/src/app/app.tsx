/** The whole page: what holds everywhere, and which address shows what. */
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { ApiError } from '../client/request.ts'
import { Loading } from '../parts/notices.tsx'
import { NoticeProvider } from '../parts/toast.tsx'
import { theme } from '../theme/theme.ts'
import { Layout } from './layout.tsx'
import { NotFound, PageFailed } from './no-page.tsx'
import { SessionGate } from './session.tsx'
import { SignIn } from './sign-in.tsx'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      refetchOnWindowFocus: true,
      // What the caller did wrong stays wrong; a console that restarts is there again in a moment.
      retry: (failures, error) => failures < 3 && (!(error instanceof ApiError) || isPassing(error.problem.status)),
      retryDelay: 1500,
    },
  },
})
const isPassing = (status: number): boolean => status === 0 || status >= 500

const router = createBrowserRouter([
  {
    Component: Layout,
    HydrateFallback: Loading,
    ErrorBoundary: PageFailed,
    children: [
      { index: true, lazy: async () => ({ Component: (await import('../pages/overview/overview-page.tsx')).OverviewPage }) },
      {
        path: 'applications',
        lazy: async () => ({ Component: (await import('../pages/applications/applications-page.tsx')).ApplicationsPage }),
      },
      {
        path: 'applications/:name',
        lazy: async () => ({ Component: (await import('../pages/application/application-page.tsx')).ApplicationPage }),
      },
      { path: 'messages', lazy: async () => ({ Component: (await import('../pages/messages/messages-page.tsx')).MessagesPage }) },
      { path: 'messages/:id', lazy: async () => ({ Component: (await import('../pages/message/message-page.tsx')).MessagePage }) },
      {
        path: 'quarantine',
        lazy: async () => ({ Component: (await import('../pages/quarantine/quarantine-page.tsx')).QuarantinePage }),
      },
      { path: 'queue', lazy: async () => ({ Component: (await import('../pages/queue/queue-page.tsx')).QueuePage }) },
      { path: 'policy', lazy: async () => ({ Component: (await import('../pages/policy/policy-page.tsx')).PolicyPage }) },
      { path: 'audit', lazy: async () => ({ Component: (await import('../pages/audit/audit-page.tsx')).AuditPage }) },
      { path: '*', Component: NotFound },
    ],
  },
])

export function App() {
  return (
    // Mantine's variables and helper classes come from its style sheet and ours: elements of style would need "unsafe-inline".
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <NoticeProvider>
          <SessionGate SignIn={SignIn}>
            <RouterProvider router={router} />
          </SessionGate>
        </NoticeProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
